using VividShift.Migrations.Engine.Backup;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.PgTools;
using VividShift.Migrations.Restore;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>The programs of a restore and what they are told.</summary>
static class RestoreTools
{
    /// <summary>pg_restore or psql, as new as the server and as the pg_dump that wrote the backup.</summary>
    /// <exception cref="MigrationException">ToolMissing or VersionUnsupported.</exception>
    public static Task<ClientTools> FindAsync(
        ResolvedDatabase target, RestoreRequest request, RestoreSource source, int serverMajor, CancellationToken cancellationToken)
    {
        var writer = source.Backup is { } backup ? ClientProgram.MajorOf(backup.Manifest.ToolVersion) : 0;
        string[] needed = source.Kind switch
        {
            RestoreSourceKind.Script => ["psql"],
            RestoreSourceKind.Archive => ["pg_restore"],
            // The definitions are compared as pg_dump writes them.
            _ => ["pg_restore", "pg_dump"],
        };
        return ClientTools.FindAsync(request.ProgramFolder, target.Project, serverMajor, needed, cancellationToken, writer);
    }

    /// <summary>How many connections restore at a time.</summary>
    public static int Jobs(RestoreRequest request) => request.Jobs ?? DumpCommand.DefaultJobs;

    /// <summary>What pg_restore is told about owners and rights.</summary>
    public static IEnumerable<string> Ownership(RestoreRequest request)
    {
        if (request.NoOwner)
        {
            yield return "--no-owner";
        }

        if (request.NoPrivileges)
        {
            yield return "--no-privileges";
        }
    }
}
