using Npgsql;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.History;

/// <summary>Who holds the migration lock, for messages.</summary>
static class LockHolder
{
    // pg_locks shows a bigint key as two halves: classid and objid (manual: "pg_locks", advisory locks).
    const string Sql = """
        SELECT a.pid,
               coalesce(a.usename::text, '?'),
               coalesce(nullif(a.application_name, ''), 'an unnamed application'),
               coalesce(host(a.client_addr), 'this host'),
               extract(epoch from clock_timestamp() - a.backend_start)::float8
        FROM pg_catalog.pg_locks l
             LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
              AND l.classid::bigint = ($1::bigint >> 32) AND l.objid::bigint = ($1::bigint & 4294967295)
              AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        LIMIT 1
        """;

    /// <summary>pid, role, application, client and age of its session; null when it has just let go.</summary>
    public static async Task<string?> DescribeAsync(Session session, long key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, session.Connection) { Parameters = { new() { Value = key } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        // Another role's session shows its pid and nothing else to those who are not in pg_read_all_stats.
        var age = await reader.IsDBNullAsync(4, cancellationToken) ? null : (double?)reader.GetDouble(4);
        var pid = await reader.IsDBNullAsync(0, cancellationToken) ? "?" : FormattableString.Invariant($"{reader.GetInt32(0)}");
        return $"pid {pid}, role {reader.GetString(1)}, {reader.GetString(2)} from {reader.GetString(3)}" +
            (age is null ? string.Empty : FormattableString.Invariant($", connected for {age:0} s"));
    }
}
