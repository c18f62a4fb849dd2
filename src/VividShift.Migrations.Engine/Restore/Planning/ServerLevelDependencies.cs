using Npgsql;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>What ties a database to its server and to others, is in no dump of it, and so stays with the old one.</summary>
/// <param name="Subscriptions">By which it receives from others.</param>
/// <param name="Slots">Logical replication slots, from which others receive.</param>
/// <param name="Labels">Security labels of the database itself, each as the statement that sets it.</param>
sealed record ServerLevelDependencies(IReadOnlyList<string> Subscriptions, IReadOnlyList<string> Slots, IReadOnlyList<string> Labels)
{
    const string Sql = """
        SELECT ARRAY(SELECT s.subname::text FROM pg_subscription s WHERE s.subdbid = d.oid ORDER BY 1),
               ARRAY(SELECT r.slot_name::text FROM pg_replication_slots r WHERE r.database = d.datname AND NOT r.temporary ORDER BY 1),
               ARRAY(SELECT format('SECURITY LABEL FOR %I ON DATABASE %I IS %L', l.provider, d.datname, l.label)
                     FROM pg_shseclabel l WHERE l.classoid = 'pg_database'::regclass AND l.objoid = d.oid ORDER BY 1)
        FROM pg_database d WHERE d.datname = $1
        """;

    /// <summary>Reads them from a session on any database of the server; null when there is no such database.</summary>
    public static async Task<ServerLevelDependencies?> ReadAsync(Session session, string database, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, session.Connection) { Parameters = { new() { Value = database } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetFieldValue<string[]>(0), reader.GetFieldValue<string[]>(1), reader.GetFieldValue<string[]>(2))
            : null;
    }
}
