using Npgsql;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>
/// Subscriptions in a database that is being restored. They came from the dump, never connected, and carry the name of a slot that is not theirs;
/// but PostgreSQL drops no database that has one, so without this an unfinished copy could never be removed.
/// </summary>
static class CopiedSubscriptions
{
    /// <summary>Takes them out and leaves the slots at the publisher alone.</summary>
    /// <param name="maintenance">A session on another database.</param>
    /// <param name="copy">The unfinished copy; nothing happens when it is not there.</param>
    /// <param name="observer">Is told the statements.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task DropAsync(Session maintenance, ResolvedDatabase copy, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        if (await ServerLevelDependencies.ReadAsync(maintenance, copy.Target.Database, cancellationToken) is not { Subscriptions: { Count: > 0 } names })
        {
            return;
        }

        await using var session = await Session.OpenAsync(copy, SessionPurpose.Write, observer, cancellationToken);
        foreach (var name in names.Select(SqlQuote.Identifier))
        {
            foreach (var statement in new[] { $"ALTER SUBSCRIPTION {name} DISABLE", $"ALTER SUBSCRIPTION {name} SET (slot_name = NONE)", $"DROP SUBSCRIPTION {name}" })
            {
                await using var batch = new NpgsqlBatch(session.Connection) { BatchCommands = { new(statement) } };
                await batch.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }
}
