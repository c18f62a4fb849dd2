using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Overview;

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
