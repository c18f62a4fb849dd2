using VividShift.Migrations.Engine.Sandbox;

namespace VividShift.Migrations.Engine.PgTools;

/// <summary>Where client programs may be, when nobody says it: PATH, then where Debian, Homebrew and installers put them.</summary>
static class ClientFolders
{
    /// <summary>Every folder to look in, each once, best first.</summary>
    public static IEnumerable<string> All(Func<string, string?> variable) =>
        OnPath(variable).Concat(Installed()).Distinct(StringComparer.Ordinal);

    /// <summary>
    /// The file of a program in a folder; null when it is not there. Debian's <c>/usr/bin/pg_dump</c> is a script that chooses a version by
    /// rules of its own; the programs that it chooses from are looked at themselves.
    /// </summary>
    public static string? Find(string folder, string program)
    {
        try
        {
            var path = ServerBinaries.Program(folder, program);
            if (!Path.IsPathFullyQualified(folder) || !File.Exists(path))
            {
                return null;
            }

            var target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true);
            return target is { Name: "pg_wrapper" } ? null : path;
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A folder on PATH that cannot be read holds nothing for us.
            return null;
        }
    }

    static string[] OnPath(Func<string, string?> variable) =>
        (variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    static IEnumerable<string> Installed()
    {
        IEnumerable<string> found =
        [
            .. Versions("/usr/lib/postgresql", "*"),
            .. Versions("/opt/homebrew/opt", "postgresql*"),
            .. Versions("/opt/homebrew/opt", "libpq"),
            .. Versions("/usr/local/opt", "postgresql*"),
            .. Versions("/usr/local/opt", "libpq"),
            .. Versions("/usr", "pgsql-*"),
            .. Versions("/Library/PostgreSQL", "*"),
        ];
        return OperatingSystem.IsWindows()
            ? found.Concat(Versions(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*"))
            : found;
    }

    static IEnumerable<string> Versions(string parent, string pattern) => !Directory.Exists(parent)
        ? []
        : Directory.EnumerateDirectories(parent, pattern)
            .OrderByDescending(folder => ClientProgram.MajorOf(Path.GetFileName(folder).TrimStart("postgresqlib@-".ToCharArray())))
            .Select(folder => Path.Combine(folder, "bin"));
}
