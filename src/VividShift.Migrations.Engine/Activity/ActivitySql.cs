namespace VividShift.Migrations.Engine.Activity;

/// <summary>The questions about sessions. name, inet, regclass and oid are cast: sessions load no types.</summary>
static class ActivitySql
{
    /// <summary>Every session but this one. What a role may not see is null, but for process id, database, role and application.</summary>
    public const string Sessions = """
        SELECT a.pid, a.usename::text AS role, a.datname::text AS database, nullif(a.application_name, '') AS application,
               CASE WHEN a.client_addr IS NOT NULL THEN host(a.client_addr) WHEN a.client_port = -1 THEN 'local' END AS client,
               a.backend_type, a.state, a.wait_event_type || ': ' || a.wait_event AS wait_event,
               a.backend_start, a.xact_start, a.query_start, a.state_change, a.query, clock_timestamp() AS now,
               current_database()::text AS seen_from
        FROM pg_catalog.pg_stat_activity a
        WHERE a.pid <> pg_backend_pid()
        """;

    /// <summary>
    /// Who waits for a lock: which one, and for whom. A wait for a row shows as one for its writer's transaction; the row lock taken on the
    /// way tells the table. pg_blocking_pids locks the lock manager for a moment, so it is asked about those who wait only.
    /// </summary>
    public const string Waits = """
        SELECT w.pid, pg_blocking_pids(w.pid) AS blockers, w.mode, w.locktype,
               CASE WHEN coalesce(w.database, t.database) = d.oid THEN coalesce(w.relation, t.relation)::regclass::text END AS relation,
               coalesce(w.transactionid::text, w.virtualxid) AS transaction, w.objsubid = 1 AS one_key,
               w.classid::bigint AS high, w.objid::bigint AS low
        FROM pg_catalog.pg_locks w
             CROSS JOIN (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) d
             LEFT JOIN pg_catalog.pg_locks t ON t.pid = w.pid AND t.granted AND t.locktype = 'tuple' AND w.locktype = 'transactionid'
        WHERE NOT w.granted AND w.pid <> pg_backend_pid()
        """;

    /// <summary>Every advisory lock of the form that sqlx takes, with the database it is in.</summary>
    public const string AdvisoryLocks = """
        SELECT l.pid, d.datname::text AS database, (l.classid::bigint << 32) | l.objid::bigint AS key
        FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.database
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.mode = 'ExclusiveLock'
        """;

    const string Relation = "CASE WHEN datname = current_database() THEN relid::regclass::text END";

    /// <summary>Progress of every command that this version of the server tells about.</summary>
    public static string Progress(Version server)
    {
        List<string> views =
        [
            Row(
                "vacuum", "'VACUUM'", "phase",
                Where("phase LIKE 'vacuuming heap%'", "heap_blks_vacuumed", "heap_blks_scanned"),
                "heap_blks_total"),
            Row("cluster", "command", "phase", "heap_blks_scanned", "heap_blks_total"),
            Row(
                "create_index", "command", "phase",
                Where("phase LIKE 'waiting %'", "lockers_done", Where("phase LIKE '%tuples%'", "tuples_done", "blocks_done")),
                Where("phase LIKE 'waiting %'", "lockers_total", Where("phase LIKE '%tuples%'", "tuples_total", "blocks_total"))),
        ];
        if (server.Major >= 13)
        {
            views.Add(Row(
                "analyze", "'ANALYZE'", "phase",
                Where("phase LIKE '%extended%'", "ext_stats_computed", "sample_blks_scanned"),
                Where("phase LIKE '%extended%'", "ext_stats_total", "sample_blks_total")));
            views.Add(Row("basebackup", "'BASE BACKUP'", "phase", "backup_streamed", "backup_total", "NULL"));
        }

        if (server.Major >= 14)
        {
            views.Add(Row("copy", "command", "NULL", "bytes_processed", "bytes_total"));
        }

        return string.Join("\nUNION ALL\n", views);
    }

    static string Row(string view, string command, string phase, string done, string total, string relation = Relation) => $"""
        SELECT pid, {command} AS command, {phase} AS phase, {done} AS done, {total} AS total, {relation} AS object
        FROM pg_catalog.pg_stat_progress_{view}
        """;

    static string Where(string condition, string then, string otherwise) => $"CASE WHEN {condition} THEN {then} ELSE {otherwise} END";
}
