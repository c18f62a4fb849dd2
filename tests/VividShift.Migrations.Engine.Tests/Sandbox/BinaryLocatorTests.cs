using VividShift.Migrations.Engine.Sandbox;

namespace VividShift.Migrations.Engine.Tests.Sandbox;

public sealed class BinaryLocatorTests : IDisposable
{
    readonly string _folder = Path.Combine(Path.GetTempPath(), "vividshift-locator-" + Path.GetRandomFileName());

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_named_folder_is_the_only_one()
    {
        var named = Programs("named", "17.2");
        var found = await FindAsync(("VIVIDSHIFT_PGBIN", named), ("PATH", Programs("path", "16.1")));

        Assert.Equal([(named, "17.2", 17)], found.Select(static binaries => (binaries.Folder, binaries.Version, binaries.Major)));
    }

    [Fact]
    public async Task A_named_folder_without_the_programs_is_refused_and_not_passed_over()
    {
        var failed = await Assert.ThrowsAsync<MigrationException>(() => FindAsync(("VIVIDSHIFT_PGBIN", _folder), ("PATH", Programs("path", "16.1"))));

        Assert.Equal(MigrationErrorCode.ToolMissing, failed.Code);
        Assert.Contains(_folder, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_path_is_searched_in_its_order_before_the_usual_places()
    {
        var first = Programs("first", "16.1");
        var second = Programs("second", "17.2");
        var empty = Path.Combine(_folder, "empty");
        var found = await FindAsync(("PATH", string.Join(Path.PathSeparator, empty, first, "relative", second, first)));

        Assert.Equal([first, second], found.Take(2).Select(static binaries => binaries.Folder));
        Assert.Single(found, binaries => string.Equals(binaries.Folder, first, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Links_are_followed_to_where_the_programs_are()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var real = Programs("real", "16.1");
        var links = Directory.CreateDirectory(Path.Combine(_folder, "links")).FullName;
        foreach (var program in Directory.EnumerateFiles(real))
        {
            File.CreateSymbolicLink(Path.Combine(links, Path.GetFileName(program)), program);
        }

        Assert.Equal(real, (await FindAsync(("PATH", links)))[0].Folder);
    }

    [Fact]
    public async Task Programs_that_do_not_run_are_passed_over()
    {
        var broken = Programs("broken", "16.1");
        await File.WriteAllTextAsync(ServerBinaries.Program(broken, "postgres"), "#!/bin/sh\nexit 1\n", Token);

        Assert.DoesNotContain(await FindAsync(("PATH", broken)), binaries => string.Equals(binaries.Folder, broken, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("18.4", 18)]
    [InlineData("19beta1", 19)]
    [InlineData("9.6", 9)]
    [InlineData("devel", 0)]
    public void A_major_is_the_first_number(string version, int major) => Assert.Equal(major, ServerBinaries.MajorOf(version));

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    static async Task<List<ServerBinaries>> FindAsync(params (string Name, string Value)[] variables)
    {
        var values = variables.ToDictionary(static variable => variable.Name, static variable => variable.Value);
        var locator = new BinaryLocator(await UnprivilegedUser.FindAsync(Token), values.GetValueOrDefault);
        return await locator.FindAsync(Token).ToListAsync(Token);
    }

    string Programs(string name, string version)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        foreach (var program in new[] { "initdb", "pg_ctl", "postgres" })
        {
            var path = ServerBinaries.Program(folder, program);
            File.WriteAllText(path, $"#!/bin/sh\necho \"{program} (PostgreSQL) {version} (Vendor 1)\"\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
            }
        }
        return folder;
    }
}
