using VividShift.Migrations.Configuration;

namespace VividShift.Migrations.Engine.PgTools;

/// <summary>
/// PostgreSQL's client programs of one folder. Which folder: -PgBinPath, the setting pgBinPath, <c>VIVIDSHIFT_PGBIN</c> (which may hold
/// server programs only), then <see cref="ClientFolders"/>, of which the one whose major is the server's (or that of
/// the pg_dump that wrote the backup, when that is newer) is best, else the next newer.
/// </summary>
internal sealed class ClientTools
{
    readonly IReadOnlyDictionary<string, ClientProgram> _programs;

    ClientTools(IReadOnlyDictionary<string, ClientProgram> programs, string source) => (_programs, Source) = (programs, source);

    /// <summary>Who named the folder, as a phrase.</summary>
    public string Source { get; }

    /// <summary>The major that all of them have at least.</summary>
    public int Major => _programs.Values.Min(program => program.Major);

    /// <summary>One of the programs that were asked for.</summary>
    public ClientProgram this[string name] => _programs[name];

    /// <summary>Finds programs that can talk to a server, and asks each for its version.</summary>
    /// <param name="named">-PgBinPath; null when it was not given.</param>
    /// <param name="project">What is configured.</param>
    /// <param name="serverMajor">The server's major: PostgreSQL's programs refuse servers newer than themselves.</param>
    /// <param name="programs">What is needed: pg_dump, pg_restore, psql.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <param name="writerMajor">The major of the pg_dump that wrote what is to be read; 0 when nothing is, or when it is not
    /// known.</param>
    /// <exception cref="MigrationException">ToolMissing or VersionUnsupported, saying where was looked.</exception>
    public static Task<ClientTools> FindAsync(
        string? named, ProjectSettings project, int serverMajor, IReadOnlyList<string> programs, CancellationToken cancellationToken, int writerMajor = 0) =>
        FindAsync(named, project, serverMajor, programs, Environment.GetEnvironmentVariable, cancellationToken, writerMajor);

    /// <summary>The same with variables of one's choice.</summary>
    internal static async Task<ClientTools> FindAsync(
        string? named,
        ProjectSettings project,
        int serverMajor,
        IReadOnlyList<string> programs,
        Func<string, string?> variable,
        CancellationToken cancellationToken,
        int writerMajor = 0)
    {
        var wanted = Math.Max(serverMajor, writerMajor);
        var (chosen, source) = (named, project.ProgramFolder) switch
        {
            ({ }, _) => (named, "-PgBinPath"),
            (null, { }) => (project.ProgramFolder, "the setting pgBinPath"),
            _ => (null, ""),
        };
        if (chosen is not null)
        {
            var tools = await ProbeAsync(chosen, programs, source, cancellationToken)
                ?? throw ClientFailure.Missing(programs, $"{source} names '{chosen}', and not all of them are there or run");
            return tools.Major >= wanted ? tools : throw ClientFailure.TooOld(serverMajor, writerMajor, [tools]);
        }

        var found = new List<ClientTools>();
        string[] ours = variable("VIVIDSHIFT_PGBIN") is { Length: > 0 } bin ? [bin] : [];
        foreach (var folder in ours.Concat(ClientFolders.All(variable)))
        {
            var from = ours.Contains(folder, StringComparer.Ordinal) ? "VIVIDSHIFT_PGBIN" : folder;
            if (await ProbeAsync(folder, programs, from, cancellationToken) is { } tools)
            {
                found.Add(tools);
                if (tools.Major == wanted)
                {
                    return tools;
                }
            }
        }

        if (found.Count == 0)
        {
            throw ClientFailure.Missing(programs, "They are not in VIVIDSHIFT_PGBIN, not on PATH, and not where installers put them");
        }

        return found.Where(tools => tools.Major > wanted).MinBy(tools => tools.Major) ?? throw ClientFailure.TooOld(serverMajor, writerMajor, found);
    }

    static async Task<ClientTools?> ProbeAsync(string folder, IReadOnlyList<string> programs, string source, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ClientProgram>(StringComparer.Ordinal);
        foreach (var name in programs)
        {
            if (ClientFolders.Find(folder, name) is not { } path || await ProgramVersion.OfAsync(path, cancellationToken) is not { } version)
            {
                return null;
            }

            found[name] = new(name, path, version);
        }

        return new(found, source);
    }
}
