using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>Databases that restores began and, killed, never finished. They carry our mark as their comment.</summary>
static class UnfinishedRestores
{
    const string Sql = """
        SELECT d.datname::text FROM pg_catalog.pg_database d
        WHERE left(shobj_description(d.oid, 'pg_database'), length($1)) = $1 AND pg_has_role(d.datdba, 'MEMBER')
        ORDER BY 1
        """;

    public static async Task<IReadOnlyList<string>> FindAsync(Session maintenance, string database, CancellationToken cancellationToken) =>
        await maintenance.QueryAsync(Sql, row => row.GetString(0), cancellationToken, RestoreNames.Mark(database));

    /// <summary>Drops them. Call it with the lock of the restore held.</summary>
    public static async Task DropAllAsync(
        Session maintenance, ResolvedDatabase database, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        foreach (var name in await FindAsync(maintenance, database.Target.Database, cancellationToken))
        {
            await DropCopyAsync(maintenance, database.On(name), observer, cancellationToken);
            observer.Report(new VerboseMessage($"Dropped {name}, which a restore left behind that was killed."));
        }
    }

    /// <summary>Drops an unfinished copy.</summary>
    public static async Task DropCopyAsync(Session maintenance, ResolvedDatabase copy, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        await CopiedSubscriptions.DropAsync(maintenance, copy, observer, cancellationToken);
        await DropAsync(maintenance, copy.Target.Database, cancellationToken);
    }

    /// <summary>Drops a database with whoever is in it: a pg_restore that outlived the client that started it.</summary>
    public static async Task DropAsync(Session maintenance, string name, CancellationToken cancellationToken)
    {
        var force = maintenance.ServerVersion.Major >= 13 ? " WITH (FORCE)" : string.Empty;
        if (force.Length == 0)
        {
            await ConnectedSessions.EndAsync(maintenance, name, cancellationToken);
        }

        await maintenance.ExecuteAsync($"DROP DATABASE IF EXISTS {SqlQuote.Identifier(name)}{force}", cancellationToken);
    }
}
