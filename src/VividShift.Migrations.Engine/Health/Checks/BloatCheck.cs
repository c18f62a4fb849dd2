using System.Data;
using System.Globalization;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Tables that take much more room than their rows need, by what ANALYZE knows of them. An estimate: nothing is read.</summary>
sealed class BloatCheck : IHealthCheck
{
    // A row has a header of 24 bytes and a pointer of 4, and is padded to 8; a page has 24 bytes of its own.
    static readonly string ListSql = $$"""
        SELECT {{CatalogSql.Name("t.oid")}} AS table, t.bytes, t.needed::bigint AS needed, s.n_dead_tup AS dead,
               s.last_vacuum::text AS vacuum, s.last_autovacuum::text AS autovacuum
        FROM (
            SELECT c.oid, {{BloatEstimate.Bytes("c")}} AS bytes,
                   c.reltuples::float8 * (28 + ceil((w.width + ceil(w.columns / 8.0)) / 8) * 8)
                   / coalesce((SELECT o.option_value::float8 / 100 FROM pg_options_to_table(c.reloptions) o WHERE o.option_name = 'fillfactor'), 1)
                   * current_setting('block_size')::float8 / (current_setting('block_size')::float8 - 24) AS needed
            FROM pg_class c
                 JOIN pg_namespace n ON n.oid = c.relnamespace
                 CROSS JOIN LATERAL (
                     SELECT sum((1 - st.null_frac) * st.avg_width) AS width, count(*) AS columns
                     FROM pg_stats st WHERE st.schemaname = n.nspname AND st.tablename = c.relname AND NOT st.inherited) AS w
            WHERE c.relkind IN ('r', 'm') AND c.reltuples >= 0 AND {{CatalogSql.IsOurs("n")}} AND {{BloatEstimate.Bytes("c")}} >= $1
              AND (w.columns = (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
                   OR (c.reltuples = 0 AND c.relpages > 0))
        ) AS t JOIN pg_stat_all_tables s ON s.relid = t.oid
        WHERE coalesce(t.needed, 0) < t.bytes * (100 - $2) / 100.0
        ORDER BY 1
        """;

    public string Title => "bloated tables";

    public HealthGroup Group => HealthGroup.Table;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = ListSql;
        foreach (var (table, bytes, needed, dead, vacuum) in await context.QueryAsync(
            sql,
            r => (r.GetString("table"), r.GetInt64("bytes"), r.GetInt64OrNull("needed") ?? 0, r.GetInt64("dead"), !r.IsDBNull("vacuum") || !r.IsDBNull("autovacuum")),
            cancellationToken,
            context.Thresholds.BloatBytes,
            context.Thresholds.BloatPercent))
        {
            findings.Add(new("BloatedTable", FindingSeverity.Warning, $"The table {table} takes much more room than its rows need.")
            {
                DatabaseObject = table,
                Evidence = BloatEstimate.Evidence(bytes, needed, "rows")
                    + string.Create(CultureInfo.InvariantCulture, $"; {dead} dead rows{(vacuum ? "" : ", never vacuumed as far as is known")}."),
                FixSql = $"VACUUM (FULL, ANALYZE) {table};",
                RecommendedAction = "Nobody reads or writes the table meanwhile, and it needs room for a second copy; pg_repack does it beside others' work. "
                    + "A plain VACUUM lets new rows use the room and gives little back. An old transaction or slot may be what keeps dead rows.",
            });
        }

        await BloatEstimate.TellHiddenAsync(context, Title, findings, cancellationToken);
    }
}
