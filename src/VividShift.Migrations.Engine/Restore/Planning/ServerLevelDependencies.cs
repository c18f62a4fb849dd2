using System.Data;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>What ties a database to its server and to others, is in no dump of it, and so stays with the old one.</summary>
/// <param name="Subscriptions">By which it receives from others.</param>
/// <param name="Slots">Logical replication slots, from which others receive.</param>
/// <param name="Labels">Security labels of the database itself, each as the statement that sets it.</param>
sealed record ServerLevelDependencies(IReadOnlyList<string> Subscriptions, IReadOnlyList<string> Slots, IReadOnlyList<string> Labels)
{
    const string Sql = """
        SELECT ARRAY(SELECT s.subname::text FROM pg_catalog.pg_subscription s WHERE s.subdbid = d.oid ORDER BY 1) AS subscriptions,
               ARRAY(SELECT r.slot_name::text FROM pg_catalog.pg_replication_slots r
                     WHERE r.database = d.datname AND NOT r.temporary ORDER BY 1) AS slots,
               ARRAY(SELECT format('SECURITY LABEL FOR %I ON DATABASE %I IS %L', l.provider, d.datname, l.label)
                     FROM pg_catalog.pg_shseclabel l WHERE l.classoid = 'pg_database'::regclass AND l.objoid = d.oid ORDER BY 1) AS labels
        FROM pg_catalog.pg_database d WHERE d.datname = $1
        """;

    /// <summary>Reads them from a session on any database of the server; null when there is no such database.</summary>
    public static async Task<ServerLevelDependencies?> ReadAsync(Session session, string database, CancellationToken cancellationToken)
    {
        var found = await session.QueryAsync(
            Sql,
            row => new ServerLevelDependencies(
                row.GetFieldValue<string[]>("subscriptions"), row.GetFieldValue<string[]>("slots"), row.GetFieldValue<string[]>("labels")),
            cancellationToken,
            database);
        return found.Count > 0 ? found[0] : null;
    }
}
