using VividShift.Migrations.Engine.Sandbox;

namespace VividShift.Migrations.Engine.Tests.Sandbox;

public sealed class EmbeddedBinariesTests : IDisposable
{
    // tar cJf of bin/initdb, bin/pg_ctl and bin/postgres, scripts that say "<name> (PostgreSQL) 18.9".
    const string Programs =
        "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/ANBdADEaShsFkZA3OlG9V3Gz1uQT2IkQonAbexNN15tic70r6rNJbkVqC6RLQH2665UL531xp7"
        + "xGLwZ7YE9f5KYslwH/hr5kaG8dqED8O2PbCvtlDAomtd8RCKgeTy1FAI2bzHTm56F//VZ+LmO4j7ncYw0AZ5b83mQzoSX9TPhfj229H/kvVMta"
        + "PybISKsUqoFTQNz/eQzVrUq4oCTflH5F8I/wvoiGPyfjJEY+WDvE82vCfeH1OCHJksR7jy65jiuNoft2nLGdzxQ998etrVEfIQAAFe2+8Zaw12"
        + "wAAewBgFAAAB++Vh6xxGf7AgAAAAAEWVo=";

    // Everybody may enter it, as the programs are tried as the user that will run them.
    readonly string _home = Path.Combine(Path.GetTempPath(), "vividshift-embedded-" + Path.GetRandomFileName());

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_without_programs_downloads_them_once()
    {
        // The archive holds scripts, which Windows does not run.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var repository = new ArtifactRepository(Convert.FromBase64String(Programs), "18.9.0");
        using var client = new HttpClient(repository);
        var embedded = new EmbeddedBinaries(new BinaryLocator(await UnprivilegedUser.FindAsync(Token)), client);

        var first = await embedded.InstallAsync(_home, major: null, Token);
        Assert.Equal("18.9", first.Version);
        Assert.StartsWith(Path.Combine(_home, "binaries"), first.Folder, StringComparison.Ordinal);
        var requests = repository.Requests;
        Assert.Equal(first, await embedded.InstallAsync(_home, major: 18, Token));
        Assert.True(repository.Requests - requests <= 1, "the archive was fetched again");
    }

    [Fact]
    public async Task A_machine_without_programs_and_without_the_internet_is_told_what_to_install()
    {
        using var client = new HttpClient(new NoNetwork());
        var locator = new BinaryLocator(UnprivilegedUser.Self, static _ => null);
        var failed = await Assert.ThrowsAsync<MigrationException>(() => new EmbeddedBinaries(locator, client).InstallAsync(_home, null, Token));

        Assert.Equal(MigrationErrorCode.ToolMissing, failed.Code);
        Assert.Contains("no route to host", failed.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was started.", failed.Message, StringComparison.Ordinal);
        Assert.Contains("VIVIDSHIFT_PGBIN", failed.RecommendedAction, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (Directory.Exists(_home))
        {
            Directory.Delete(_home, recursive: true);
        }
    }

    sealed class NoNetwork : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new HttpRequestException("no route to host");
    }
}
