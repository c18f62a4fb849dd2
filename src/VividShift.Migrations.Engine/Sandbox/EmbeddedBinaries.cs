using MysticMind.PostgresEmbed;

namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>
/// Server programs from the internet, for machines without any: the builds that zonky publishes on Maven Central, fetched and
/// checked against their SHA-256 by MysticMind.PostgresEmbed. Only its installer is used; it runs servers as whoever calls, root included.
/// </summary>
internal sealed class EmbeddedBinaries(BinaryLocator locator, HttpClient? client)
{
    // A major and not "latest": a data folder stays with the major that made it.
    const int PreferredMajor = 18;

    /// <summary>The programs, downloaded unless an earlier download is there.</summary>
    /// <param name="home">Downloads are kept in its <c>binaries</c> folder, for all projects.</param>
    /// <param name="major">The major that a data folder needs; null: any.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    /// <exception cref="MigrationException">ToolMissing: nothing could be downloaded.</exception>
    public async Task<ServerBinaries> InstallAsync(string home, int? major, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(home, "binaries");
        var options = new PgServerOptions
        {
            PgVersion = (major ?? PreferredMajor).ToString(System.Globalization.CultureInfo.InvariantCulture),
            BinariesDir = folder,
            DbDir = folder,
            HttpClient = client,
        };
        try
        {
            await using var installer = new PgServer(options);
            await installer.InstallAsync(cancellationToken);
            return await locator.ProbeAsync(Path.Combine(installer.InstallDir, "bin"), cancellationToken)
                ?? throw Missing(
                    $"PostgreSQL {installer.PgVersion} was downloaded to '{installer.InstallDir}', and its programs do not run here.",
                    null);
        }
        catch (Exception failed) when (failed is PostgresEmbedException or UnsupportedPlatformException or HttpRequestException or IOException)
        {
            throw Missing($"Downloading PostgreSQL {options.PgVersion} from Maven Central failed: {Innermost(failed).Message}", failed);
        }
    }

    static Exception Innermost(Exception failed) => failed.InnerException is { } inner ? Innermost(inner) : failed;

    static MigrationException Missing(string what, Exception? cause) => new(
        MigrationErrorCode.ToolMissing,
        "A sandbox needs PostgreSQL's programs initdb, pg_ctl and postgres, and this machine has none (looked at VIVIDSHIFT_PGBIN, PATH and the usual "
        + $"places of Debian, Homebrew and Windows). {what}",
        "Install PostgreSQL (Debian: apt install postgresql; macOS: brew install postgresql@17; Windows: winget install PostgreSQL.PostgreSQL.17), or set "
        + "VIVIDSHIFT_PGBIN to a folder that holds them, or run this again with the internet in reach.",
        cause)
    {
        DatabaseState = "Nothing was started.",
    };
}
