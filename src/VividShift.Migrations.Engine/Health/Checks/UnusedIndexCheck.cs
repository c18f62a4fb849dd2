using System.Data;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>
/// Indexes that no query has used for as long as use was counted. What keeps rows unique or serves a foreign key is used by the server
/// itself and stays.
/// </summary>
sealed class UnusedIndexCheck : IHealthCheck
{
    static readonly string ListSql = $$"""
        , tree AS (
            SELECT i.indexrelid, sum({{CatalogSql.Size("p")}})::bigint AS bytes, sum(pg_stat_get_numscans(p.oid))::bigint AS scans
            FROM i CROSS JOIN LATERAL {{CatalogSql.Tree("i.indexrelid")}} AS m JOIN pg_class p ON p.oid = m.oid
            GROUP BY i.indexrelid
        )
        SELECT {{CatalogSql.Name("i.indexrelid")}} AS index, {{CatalogSql.Name("i.indrelid")}} AS table, i.relkind = 'I' AS partitioned,
               t.bytes, left(pg_get_indexdef(i.indexrelid), 300) AS definition, extract(epoch FROM now() - s.since)::float8 AS seconds
        FROM i JOIN tree t USING (indexrelid)
             CROSS JOIN (SELECT coalesce(d.stats_reset, pg_postmaster_start_time()) AS since FROM pg_stat_database d WHERE d.datname = current_database()) AS s
        WHERE t.scans = 0 AND t.bytes >= $1 AND extract(epoch FROM now() - s.since)::float8 >= $2
          AND NOT (i.indisunique OR i.indisexclusion OR i.indisreplident)
          AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conrelid = i.indrelid AND split_part(i.keys, ' ', 1)::int2 = ANY (f.conkey))
        ORDER BY 1
        """;

    public string Title => "indexes that are never used";

    public HealthGroup Group => HealthGroup.Index;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = IndexList.Of(context) + ListSql;
        var elsewhere = (context.IsStandby, context.HasStandbys) switch
        {
            (true, _) => " This is a standby, which counts its own queries only: ask the primary before you drop anything.",
            (_, true) => " Standbys follow this server and count for themselves: ask them before you drop anything.",
            _ => "",
        };
        foreach (var (index, table, partitioned, bytes, definition, seconds) in await context.QueryAsync(
            sql,
            r => (r.GetString("index"), r.GetString("table"), r.GetBoolean("partitioned"), r.GetInt64("bytes"), r.GetString("definition"), r.GetDouble("seconds")),
            cancellationToken,
            context.Thresholds.UnusedIndexBytes,
            context.Thresholds.UnusedIndexAge.TotalSeconds))
        {
            findings.Add(new("UnusedIndex", FindingSeverity.Information, $"No query has used the index {index} on {table}.")
            {
                DatabaseObject = index,
                Evidence = $"{HumanReadable.Bytes(bytes)}, no scan in the {HumanReadable.Duration(TimeSpan.FromSeconds(seconds))} that use was counted: {definition}",
                FixSql = IndexList.Drop(index, partitioned),
                RecommendedAction = $"A report that runs once a year may need it.{elsewhere}",
            });
        }
    }
}
