using Npgsql;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Overview;

/// <summary>Reads the state of a database at a glance: a few queries of the catalogue and of counters, none of a table.</summary>
sealed class OverviewReader(ResolvedDatabase database, IMigrationObserver observer)
{
    const int TablesAtAGlance = 5;
    const int Most = 50;

    const string ServerSql = """
        SELECT current_setting('server_version'), pg_database_size(current_database()),
               pg_encoding_to_char(d.encoding)::text, {collation},
               pg_postmaster_start_time(), extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())::float8,
               (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend'),
               (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = current_database()),
               current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
               - coalesce(current_setting('reserved_connections', true)::int, 0),
               s.blks_hit::float8 / nullif(s.blks_hit + s.blks_read, 0),
               pg_is_in_recovery(),
               CASE WHEN pg_is_in_recovery() THEN
                   CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
                        ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END
               END::float8
        FROM pg_database d LEFT JOIN pg_stat_database s ON s.datid = d.oid
        WHERE d.datname = current_database()
        """;

    const string StandbySql = """
        SELECT application_name, state, sync_state,
               pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, replay_lsn)::bigint
        FROM pg_stat_replication ORDER BY 1, pid
        """;

    const string SettingSql = """
        SELECT name, current_setting(name), source FROM pg_settings
        WHERE source NOT IN ('default', 'override', 'client', 'session') AND name !~ '(password|secret|passphrase|conninfo)'
        ORDER BY name
        """;

    /// <summary>The overview.</summary>
    public async Task<DatabaseOverview> ReadAsync(bool detailed, CancellationToken cancellationToken)
    {
        await using var session = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, cancellationToken);
        var context = new HealthContext(session, new() { CheckTimeout = database.CommandTimeout ?? HealthRequest.DefaultCheckTimeout });
        var overview = (await context.QueryAsync(ServerSql.Replace("{collation}", Collation(context.Major), StringComparison.Ordinal), Server, cancellationToken))[0];
        context.Restart();
        var (version, applied, pending) = await MigrationProgress.ReadAsync(session, database.Project, cancellationToken);
        return overview with
        {
            Standbys = await context.QueryAsync(
                StandbySql, r => new StandbyState(r.GetString(0), Text(r, 1), Text(r, 2), r.IsDBNull(3) ? null : r.GetInt64(3)), cancellationToken),
            MigrationVersion = version,
            AppliedMigrations = applied,
            PendingMigrations = pending,
            LargestTables = await Sizes.TablesAsync(context, detailed ? Most : TablesAtAGlance, cancellationToken),
            LargestIndexes = detailed ? await Sizes.IndexesAsync(context, Most, cancellationToken) : [],
            Settings = detailed
                ? await context.QueryAsync(SettingSql, r => new ServerSetting(r.GetString(0), r.GetString(1), r.GetString(2)), cancellationToken)
                : [],
        };
    }

    DatabaseOverview Server(NpgsqlDataReader row) => new(database.Target, row.GetString(0).Split(' ')[0], row.GetInt64(1))
    {
        Environment = database.Project.Environment,
        Protected = database.Project.Protected,
        Encoding = row.GetString(2),
        Collation = row.GetString(3),
        StartedAt = new DateTimeOffset(row.GetDateTime(4)),
        Uptime = TimeSpan.FromSeconds(row.GetDouble(5)),
        Connections = row.GetInt32(6),
        DatabaseConnections = row.GetInt32(7),
        ConnectionLimit = row.GetInt32(8),
        CacheHitRate = row.IsDBNull(9) ? null : row.GetDouble(9),
        IsStandby = row.GetBoolean(10),
        ReplicationLag = row.IsDBNull(11) ? null : TimeSpan.FromSeconds(row.GetDouble(11)),
    };

    /// <summary>Its column moved twice: ICU for databases came with 15, the builtin provider with 17.</summary>
    static string Collation(int major) => major switch
    {
        >= 17 => "coalesce(d.datlocale || CASE d.datlocprovider WHEN 'i' THEN ' (icu)' ELSE ' (builtin)' END, d.datcollate)::text",
        >= 15 => "coalesce(d.daticulocale || ' (icu)', d.datcollate)::text",
        _ => "d.datcollate::text",
    };

    static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

/// <summary>What takes the room.</summary>
static class Sizes
{
    const string TableSql = """
        SELECT {table}, sum({total})::bigint AS bytes, sum({indexes})::bigint,
               CASE WHEN bool_or(p.reltuples >= 0) THEN sum(greatest(p.reltuples, 0))::bigint END
        FROM pg_class t
             JOIN pg_namespace n ON n.oid = t.relnamespace
             CROSS JOIN LATERAL {tree} AS m
             JOIN pg_class p ON p.oid = m.oid
        WHERE t.relkind IN ('r', 'p', 'm') AND NOT t.relispartition AND {ours}
        GROUP BY t.oid
        ORDER BY bytes DESC, 1 LIMIT $1
        """;

    const string IndexSql = """
        SELECT {index}, {table}, {size} AS bytes, pg_stat_get_numscans(x.indexrelid)
        FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'i' AND {ours}
        ORDER BY bytes DESC, 1 LIMIT $1
        """;

    /// <summary>The largest tables.</summary>
    public static Task<List<TableSize>> TablesAsync(HealthContext context, int most, CancellationToken cancellationToken) =>
        context.QueryAsync(
            TableSql
                .Replace("{table}", CatalogSql.Name("t.oid"), StringComparison.Ordinal)
                .Replace("{total}", CatalogSql.Size("p", "pg_total_relation_size"), StringComparison.Ordinal)
                .Replace("{indexes}", CatalogSql.Size("p", "pg_indexes_size"), StringComparison.Ordinal)
                .Replace("{tree}", CatalogSql.Tree("t.oid"), StringComparison.Ordinal)
                .Replace("{ours}", CatalogSql.IsOurs("n"), StringComparison.Ordinal),
            r => new TableSize(r.GetString(0), r.GetInt64(1), r.GetInt64(2), r.IsDBNull(3) ? null : r.GetInt64(3)),
            cancellationToken,
            most);

    /// <summary>The largest indexes.</summary>
    public static Task<List<IndexSize>> IndexesAsync(HealthContext context, int most, CancellationToken cancellationToken) =>
        context.QueryAsync(
            IndexSql
                .Replace("{size}", CatalogSql.Size("c"), StringComparison.Ordinal)
                .Replace("{index}", CatalogSql.Name("x.indexrelid"), StringComparison.Ordinal)
                .Replace("{table}", CatalogSql.Name("x.indrelid"), StringComparison.Ordinal)
                .Replace("{ours}", CatalogSql.IsOurs("n"), StringComparison.Ordinal),
            r => new IndexSize(r.GetString(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3)),
            cancellationToken,
            most);
}
