using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>
/// B-tree indexes that take much more room than their entries need, as rows that come at one end and go at the other leave them. An
/// estimate: nothing is read. Where it cannot know it assumes that more room is needed: wide gaps between columns, no entry that serves
/// several rows.
/// </summary>
sealed class IndexBloatCheck : IHealthCheck
{
    // A value that the table keeps out of line is whole in the index, while statistics give the width of what points to it. What the
    // histogram and the frequent values say is nearer the truth; they leave out very wide values, so of a column of wide ones nothing is
    // known.
    const string ListSql = """
        WITH i AS MATERIALIZED (
            SELECT c.oid, c.relname, n.nspname, t.relname AS table_name, x.indrelid, x.indkey, x.indisexclusion, c.reltuples::float8 AS entries,
                   {bytes} AS bytes, current_setting('block_size')::float8 AS block,
                   coalesce((SELECT o.option_value::float8 FROM pg_options_to_table(c.reloptions) o WHERE o.option_name = 'fillfactor'), 90) / 100 AS fill,
                   EXISTS (SELECT FROM pg_class l WHERE l.oid = t.reltoastrelid AND l.relpages > 0) AS has_outside
            FROM pg_index x
                 JOIN pg_class c ON c.oid = x.indexrelid
                 JOIN pg_namespace n ON n.oid = c.relnamespace
                 JOIN pg_am m ON m.oid = c.relam
                 JOIN pg_class t ON t.oid = x.indrelid
            WHERE c.relkind = 'i' AND m.amname = 'btree' AND x.indisvalid AND x.indisready AND c.reltuples >= 0 AND {ours} AND {bytes} >= $1
        ), columns AS (
            SELECT i.oid, s.null_frac, CASE a.attalign WHEN 'd' THEN 8 WHEN 'i' THEN 4 WHEN 's' THEN 2 ELSE 1 END AS step, a.attlen,
                   CASE WHEN NOT (i.has_outside AND a.attlen = -1 AND coalesce(ta.attstorage, 'x') IN ('x', 'e')) THEN s.avg_width
                        WHEN w.shown <= 250 THEN greatest(s.avg_width, w.shown) END AS width
            FROM i
                 JOIN pg_attribute a ON a.attrelid = i.oid
                 LEFT JOIN pg_attribute ta ON ta.attrelid = i.indrelid AND ta.attnum = i.indkey[a.attnum - 1] AND ta.attnum <> 0
                 LEFT JOIN pg_stats s ON s.schemaname = i.nspname AND NOT s.inherited
                                     AND s.tablename = CASE WHEN ta.attnum IS NULL THEN i.relname ELSE i.table_name END
                                     AND s.attname = coalesce(ta.attname, a.attname)
                 CROSS JOIN LATERAL (SELECT greatest(octet_length(s.histogram_bounds::text) / array_length(s.histogram_bounds, 1),
                                                     octet_length(s.most_common_vals::text) / array_length(s.most_common_vals, 1)) AS shown) AS w
        ), steps AS (
            SELECT c.*, max(CASE WHEN c.attlen > 0 THEN c.step ELSE 1 END) OVER (PARTITION BY c.oid) AS widest FROM columns c
        ), entry AS (
            SELECT s.oid, count(*) = count(s.width) AS known,
                   12 + ceil((CASE WHEN bool_or(s.null_frac > 0) THEN 8 ELSE 0 END + sum((1 - s.null_frac) * ceil(s.width / s.widest::float8) * s.widest)) / 8) * 8 AS bytes
            FROM steps s GROUP BY s.oid
        ), pages AS (
            SELECT i.*, e.known, greatest(floor((i.block - 40) * i.fill / e.bytes), 1) AS fit FROM i JOIN entry e USING (oid)
        ), estimate AS (
            SELECT p.*, coalesce(((1 + ceil(p.entries / p.fit) * (1 + 1.5 / p.fit)) * p.block)::bigint, 0) AS needed FROM pages p
            WHERE p.known OR p.entries = 0
        )
        SELECT {index}, {table}, e.bytes, e.needed, e.indisexclusion
        FROM estimate e
        WHERE e.needed < e.bytes * (100 - $2) / 100.0
        ORDER BY 1
        """;

    public string Title => "bloated indexes";

    public HealthGroup Group => HealthGroup.Index;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = ListSql
            .Replace("{index}", CatalogSql.Name("e.oid"), StringComparison.Ordinal)
            .Replace("{table}", CatalogSql.Name("e.indrelid"), StringComparison.Ordinal)
            .Replace("{bytes}", BloatEstimate.Bytes("c"), StringComparison.Ordinal)
            .Replace("{ours}", CatalogSql.IsOurs("n"), StringComparison.Ordinal);
        foreach (var (index, table, bytes, needed, exclusion) in await context.QueryAsync(
            sql,
            r => (r.GetString(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3), r.GetBoolean(4)),
            cancellationToken,
            context.Thresholds.BloatBytes,
            context.Thresholds.BloatPercent))
        {
            findings.Add(new("BloatedIndex", FindingSeverity.Warning, $"By an estimate, the index {index} on {table} takes much more room than its entries need.")
            {
                DatabaseObject = index,
                Evidence = $"{BloatEstimate.Evidence(bytes, needed, "entries")}.",
                FixSql = IndexList.Rebuild(index, exclusion),
                RecommendedAction = exclusion
                    ? "Nobody writes the table meanwhile: PostgreSQL cannot build the index of an exclusion constraint beside others' work. pgstatindex measures what is estimated here."
                    : "Others read and write meanwhile, and it needs room for a second copy. pgstatindex, of the extension pgstattuple, measures what is estimated here.",
            });
        }

        await BloatEstimate.TellHiddenAsync(context, Title, findings, cancellationToken);
    }
}
