using System.Data;
using Npgsql;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Overview;

/// <summary>Reads the state of a database at a glance: a few queries of the catalogue and of counters, none of a table.</summary>
sealed class OverviewReader(ResolvedDatabase database, IMigrationObserver observer)
{
    const int TablesAtAGlance = 5;
    const int Most = 50;

    static string ServerSql(int major) => $$"""
        SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS bytes,
               pg_encoding_to_char(d.encoding)::text AS encoding, {{Collation(major)}} AS collation,
               pg_postmaster_start_time() AS started, extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())::float8 AS uptime,
               (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
               (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = current_database()) AS connected_here,
               current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
               - coalesce(current_setting('reserved_connections', true)::int, 0) AS connection_limit,
               s.blks_hit::float8 / nullif(s.blks_hit + s.blks_read, 0) AS cache_hits,
               pg_is_in_recovery() AS standby,
               CASE WHEN pg_is_in_recovery() THEN
                   CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
                        ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END
               END::float8 AS lag
        FROM pg_database d LEFT JOIN pg_stat_database s ON s.datid = d.oid
        WHERE d.datname = current_database()
        """;

    const string StandbySql = """
        SELECT application_name, state, sync_state,
               pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, replay_lsn)::bigint AS lag
        FROM pg_stat_replication ORDER BY 1, pid
        """;

    const string SettingSql = """
        SELECT name, current_setting(name) AS value, source FROM pg_settings
        WHERE source NOT IN ('default', 'override', 'client', 'session') AND name !~ '(password|secret|passphrase|conninfo)'
        ORDER BY name
        """;

    /// <summary>The overview.</summary>
    public async Task<DatabaseOverview> ReadAsync(bool detailed, CancellationToken cancellationToken)
    {
        await using var session = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, cancellationToken);
        var context = new HealthContext(session, new() { CheckTimeout = database.CommandTimeout ?? HealthRequest.DefaultCheckTimeout });
        var overview = (await context.QueryAsync(ServerSql(context.Major), Server, cancellationToken))[0];
        context.Restart();
        var (version, applied, pending) = await MigrationProgress.ReadAsync(session, database.Project, cancellationToken);
        return overview with
        {
            Standbys = await context.QueryAsync(
                StandbySql,
                r => new StandbyState(
                    r.GetString("application_name"), r.GetStringOrNull("state"), r.GetStringOrNull("sync_state"), r.GetInt64OrNull("lag")),
                cancellationToken),
            MigrationVersion = version,
            AppliedMigrations = applied,
            PendingMigrations = pending,
            LargestTables = await Sizes.TablesAsync(context, detailed ? Most : TablesAtAGlance, cancellationToken),
            LargestIndexes = detailed ? await Sizes.IndexesAsync(context, Most, cancellationToken) : [],
            Settings = detailed
                ? await context.QueryAsync(SettingSql, r => new ServerSetting(r.GetString("name"), r.GetString("value"), r.GetString("source")), cancellationToken)
                : [],
        };
    }

    DatabaseOverview Server(NpgsqlDataReader row) => new(database.Target, row.GetString("version").Split(' ')[0], row.GetInt64("bytes"))
    {
        Environment = database.Project.Environment,
        Protected = database.Project.Protected,
        Encoding = row.GetString("encoding"),
        Collation = row.GetString("collation"),
        StartedAt = row.GetTime("started"),
        Uptime = TimeSpan.FromSeconds(row.GetDouble("uptime")),
        Connections = row.GetInt32("connections"),
        DatabaseConnections = row.GetInt32("connected_here"),
        ConnectionLimit = row.GetInt32("connection_limit"),
        CacheHitRate = row.GetDoubleOrNull("cache_hits"),
        IsStandby = row.GetBoolean("standby"),
        ReplicationLag = row.GetDoubleOrNull("lag") is { } lag ? TimeSpan.FromSeconds(lag) : null,
    };

    /// <summary>Its column moved twice: ICU for databases came with 15, the builtin provider with 17.</summary>
    static string Collation(int major) => major switch
    {
        >= 17 => "coalesce(d.datlocale || CASE d.datlocprovider WHEN 'i' THEN ' (icu)' ELSE ' (builtin)' END, d.datcollate)::text",
        >= 15 => "coalesce(d.daticulocale || ' (icu)', d.datcollate)::text",
        _ => "d.datcollate::text",
    };
}

/// <summary>What takes the room.</summary>
static class Sizes
{
    static readonly string TableSql = $$"""
        SELECT {{CatalogSql.Name("t.oid")}} AS table, sum({{CatalogSql.Size("p", "pg_total_relation_size")}})::bigint AS bytes,
               sum({{CatalogSql.Size("p", "pg_indexes_size")}})::bigint AS index_bytes,
               CASE WHEN bool_or(p.reltuples >= 0) THEN sum(greatest(p.reltuples, 0))::bigint END AS rows
        FROM pg_class t
             JOIN pg_namespace n ON n.oid = t.relnamespace
             CROSS JOIN LATERAL {{CatalogSql.Tree("t.oid")}} AS m
             JOIN pg_class p ON p.oid = m.oid
        WHERE t.relkind IN ('r', 'p', 'm') AND NOT t.relispartition AND {{CatalogSql.IsOurs("n")}}
        GROUP BY t.oid
        ORDER BY bytes DESC, 1 LIMIT $1
        """;

    static readonly string IndexSql = $$"""
        SELECT {{CatalogSql.Name("x.indexrelid")}} AS index, {{CatalogSql.Name("x.indrelid")}} AS table, {{CatalogSql.Size("c")}} AS bytes,
               pg_stat_get_numscans(x.indexrelid) AS scans
        FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'i' AND {{CatalogSql.IsOurs("n")}}
        ORDER BY bytes DESC, 1 LIMIT $1
        """;

    /// <summary>The largest tables.</summary>
    public static Task<List<TableSize>> TablesAsync(HealthContext context, int most, CancellationToken cancellationToken) =>
        context.QueryAsync(
            TableSql,
            r => new TableSize(r.GetString("table"), r.GetInt64("bytes"), r.GetInt64("index_bytes"), r.GetInt64OrNull("rows")),
            cancellationToken,
            most);

    /// <summary>The largest indexes.</summary>
    public static Task<List<IndexSize>> IndexesAsync(HealthContext context, int most, CancellationToken cancellationToken) =>
        context.QueryAsync(
            IndexSql,
            r => new IndexSize(r.GetString("index"), r.GetString("table"), r.GetInt64("bytes"), r.GetInt64("scans")),
            cancellationToken,
            most);
}
