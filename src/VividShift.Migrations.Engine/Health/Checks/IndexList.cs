namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>The valid indexes of the database as a common table expression, in a form in which they can be compared.</summary>
static class IndexList
{
    const string ListSql = """
        WITH i AS MATERIALIZED (
            SELECT x.indexrelid, x.indrelid, c.relam, m.amname, c.relkind, x.indnatts, x.indnkeyatts,
                   x.indkey::text AS keys, x.indclass::text AS classes, x.indcollation::text AS collations, x.indoption::text AS options,
                   coalesce(pg_get_expr(x.indexprs, x.indrelid), '') AS expressions, coalesce(pg_get_expr(x.indpred, x.indrelid), '') AS predicate,
                   x.indisunique, x.indisprimary, x.indisexclusion, x.indisreplident, x.indimmediate, {nulls} AS nulls_equal,
                   (SELECT quote_ident(o.conname) FROM pg_constraint o WHERE o.conindid = x.indexrelid AND o.contype IN ('p', 'u', 'x') LIMIT 1) AS constraint_name,
                   EXISTS (SELECT FROM pg_constraint f WHERE f.conindid = x.indexrelid AND f.contype = 'f') AS referenced
            FROM pg_index x
                 JOIN pg_class c ON c.oid = x.indexrelid
                 JOIN pg_am m ON m.oid = c.relam
                 JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE x.indisvalid AND NOT c.relispartition AND {ours} AND {own}
        )
        """;

    /// <summary>The expression <c>i</c>. Indexes of partitions that belong to one of the whole table are left out: they go with
    /// it.</summary>
    public static string Of(HealthContext context) => ListSql
        .Replace("{nulls}", context.Major >= 15 ? "x.indnullsnotdistinct" : "false", StringComparison.Ordinal)
        .Replace("{ours}", CatalogSql.IsOurs("n"), StringComparison.Ordinal)
        .Replace("{own}", CatalogSql.IsOwn("x.indrelid"), StringComparison.Ordinal);

    /// <summary>The statement that builds an index anew. PostgreSQL does not do it beside others' work for an exclusion
    /// constraint.</summary>
    public static string Rebuild(string index, bool isExclusion) => $"REINDEX INDEX {(isExclusion ? "" : "CONCURRENTLY ")}{index};";

    /// <summary>The statement that removes an index. Of a partitioned table it cannot be done beside others' work.</summary>
    public static string Drop(string index, bool isPartitioned) => $"DROP INDEX {(isPartitioned ? "" : "CONCURRENTLY ")}{index};";
}
