using System.Data;
using Npgsql;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.History;

/// <summary>Who holds the migration lock, for messages.</summary>
static class LockHolder
{
    // pg_locks shows a bigint key as two halves: classid and objid (manual: "pg_locks", advisory locks).
    const string Sql = """
        SELECT a.pid,
               coalesce(a.usename::text, '?') AS role,
               coalesce(nullif(a.application_name, ''), 'an unnamed application') AS application,
               coalesce(host(a.client_addr), 'this host') AS client,
               extract(epoch from clock_timestamp() - a.backend_start)::float8 AS age
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
        var holders = await session.QueryAsync(Sql, Describe, cancellationToken, key);
        return holders.Count > 0 ? holders[0] : null;
    }

    static string Describe(NpgsqlDataReader row)
    {
        // Another role's session shows its pid and nothing else to those who are not in pg_read_all_stats.
        var age = row.GetDoubleOrNull("age");
        var pid = row.IsDBNull("pid") ? "?" : FormattableString.Invariant($"{row.GetInt32("pid")}");
        return $"pid {pid}, role {row.GetString("role")}, {row.GetString("application")} from {row.GetString("client")}" +
            (age is null ? string.Empty : FormattableString.Invariant($", connected for {age:0} s"));
    }
}
