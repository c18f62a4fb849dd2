using System.Runtime.CompilerServices;

namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>
/// Finds server programs on this machine: <c>VIVIDSHIFT_PGBIN</c>, then PATH, then where Debian, Homebrew and the Windows
/// installer put them, the newest major first. Each find is proved by running <c>postgres --version</c> as the user that will run the server.
/// </summary>
internal sealed class BinaryLocator(UnprivilegedUser user, Func<string, string?> variable)
{
    static readonly string[] Needed = ["initdb", "pg_ctl", "postgres"];

    public BinaryLocator(UnprivilegedUser user)
        : this(user, Environment.GetEnvironmentVariable)
    {
    }

    /// <summary>Every usable folder, best first. A folder named by <c>VIVIDSHIFT_PGBIN</c> is the only one.</summary>
    /// <exception cref="MigrationException">ToolMissing: VIVIDSHIFT_PGBIN names a folder without the programs.</exception>
    public async IAsyncEnumerable<ServerBinaries> FindAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (variable("VIVIDSHIFT_PGBIN") is { Length: > 0 } chosen)
        {
            yield return await ProbeAsync(chosen, cancellationToken)
                ?? throw new MigrationException(
                    MigrationErrorCode.ToolMissing,
                    $"VIVIDSHIFT_PGBIN names '{chosen}', and the programs initdb, pg_ctl and postgres are not there or do not run as "
                    + $"'{user.Name ?? Environment.UserName}'.",
                    "Name the folder that holds them, or clear the variable.");
            yield break;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var folder in Places(variable))
        {
            if (Resolve(folder) is { } real && seen.Add(real) && await ProbeAsync(real, cancellationToken) is { } found)
            {
                yield return found;
            }
        }
    }

    /// <summary>What a folder holds; null when a program is missing or does not run.</summary>
    public async Task<ServerBinaries?> ProbeAsync(string folder, CancellationToken cancellationToken)
    {
        if (Resolve(folder) is not { } real)
        {
            return null;
        }

        var said = await user.TryAsync(ServerBinaries.Program(real, "postgres"), ["--version"], cancellationToken);
        return said?.Version is { } version ? new ServerBinaries(real, version) : null;
    }

    static IEnumerable<string> Places(Func<string, string?> variable)
    {
        foreach (var folder in (variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            yield return folder;
        }

        foreach (var folder in Versions("/usr/lib/postgresql", "*"))
        {
            yield return folder;
        }

        foreach (var folder in Versions("/opt/homebrew/opt", "postgresql*").Concat(Versions("/usr/local/opt", "postgresql*")))
        {
            yield return folder;
        }

        foreach (var folder in Versions("/usr", "pgsql-*"))
        {
            yield return folder;
        }

        if (OperatingSystem.IsWindows())
        {
            foreach (var folder in Versions(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*"))
            {
                yield return folder;
            }
        }
    }

    static IEnumerable<string> Versions(string parent, string pattern)
        => !Directory.Exists(parent)
            ? []
            : Directory.EnumerateDirectories(parent, pattern)
                .OrderByDescending(static folder => ServerBinaries.MajorOf(Path.GetFileName(folder).TrimStart("postgresql@-".ToCharArray())))
                .Select(static folder => Path.Combine(folder, "bin"));

    // PATH may hold links only, and initdb looks for its templates relative to where it really is.
    static string? Resolve(string folder)
    {
        try
        {
            if (!Path.IsPathFullyQualified(folder) || !Array.TrueForAll(Needed, name => File.Exists(ServerBinaries.Program(folder, name))))
            {
                return null;
            }

            var initdb = new FileInfo(ServerBinaries.Program(folder, "initdb"));
            var real = Path.GetDirectoryName((initdb.ResolveLinkTarget(returnFinalTarget: true) ?? initdb).FullName)!;
            return Array.TrueForAll(Needed, name => File.Exists(ServerBinaries.Program(real, name))) ? real : folder;
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A folder on PATH that cannot be read holds nothing for us.
            return null;
        }
    }
}

/// <summary>A folder with PostgreSQL's server programs.</summary>
/// <param name="Folder">The folder, absolute, links resolved.</param>
/// <param name="Version">Such as <c>15.20</c>.</param>
internal sealed record ServerBinaries(string Folder, string Version)
{
    /// <summary>The first number of the version: what data folders are bound to.</summary>
    public int Major { get; } = MajorOf(Version);

    public string Initdb => Program(Folder, "initdb");

    public string PgCtl => Program(Folder, "pg_ctl");

    /// <summary>The path that a program has, or would have, in a folder.</summary>
    public static string Program(string folder, string name) => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    /// <summary>18 of <c>18.4</c>, <c>19beta1</c> and <c>19</c>; 0 when there is no number.</summary>
    public static int MajorOf(string version)
    {
        var digits = version.AsSpan().Trim();
        var length = 0;
        while (length < digits.Length && char.IsAsciiDigit(digits[length]))
        {
            length++;
        }

        return length is 0 or > 4 ? 0 : int.Parse(digits[..length], System.Globalization.CultureInfo.InvariantCulture);
    }
}
