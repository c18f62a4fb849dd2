using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Foreign keys whose columns are not the first of any index: each DELETE of what is referred to reads more of the table than it
/// needs.</summary>
sealed class ForeignKeyIndexCheck : IHealthCheck
{
    // An index serves when its first columns are those of the key, all of them, in whatever order; or so many of them that they alone name
    // one row of the other table, as the others then find nothing that these do not. It may leave out rows in which one of them is null:
    // null refers to no row, and the planner knows it.
    const string ListSql = """
        SELECT {child}, quote_ident(c.conname)::text, {parent}, t.relkind = 'p', {bytes},
               (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY AS k (column_number, n)
                     JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.column_number)
        FROM pg_constraint c
             JOIN pg_class t ON t.oid = c.conrelid
             JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE c.contype = 'f' AND c.conparentid = 0 AND {ours} AND {own}
          AND NOT EXISTS (
              SELECT FROM pg_index x
                   JOIN pg_class ic ON ic.oid = x.indexrelid
                   JOIN pg_am m ON m.oid = ic.relam
                   CROSS JOIN LATERAL generate_series(1, least(x.indnkeyatts::int, cardinality(c.conkey))) AS l (n)
                   CROSS JOIN LATERAL (SELECT (string_to_array(x.indkey::text, ' ')::int2[])[1:l.n] AS keys) AS k
              WHERE x.indrelid = c.conrelid AND x.indisvalid AND m.amname IN ('btree', 'hash', 'gist') AND k.keys <@ c.conkey
                AND (k.keys @> c.conkey
                     OR EXISTS (SELECT FROM pg_index u
                                WHERE u.indrelid = c.confrelid AND u.indisunique AND u.indisvalid AND u.indpred IS NULL AND u.indexprs IS NULL
                                  AND (string_to_array(u.indkey::text, ' ')::int2[])[1:u.indnkeyatts]
                                      <@ ARRAY(SELECT p.parent FROM unnest(c.conkey, c.confkey) AS p (child, parent) WHERE p.child = ANY (k.keys))))
                AND (x.indpred IS NULL
                     OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
                                AND pg_get_expr(x.indpred, x.indrelid) = format('(%I IS NOT NULL)', a.attname))))
        ORDER BY 1, 2
        """;

    public string Title => "foreign keys without an index";

    public HealthGroup Group => HealthGroup.Index;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = ListSql
            .Replace("{child}", CatalogSql.Name("c.conrelid"), StringComparison.Ordinal)
            .Replace("{parent}", CatalogSql.Name("c.confrelid"), StringComparison.Ordinal)
            .Replace("{bytes}", CatalogSql.Bytes("c.conrelid"), StringComparison.Ordinal)
            .Replace("{ours}", CatalogSql.IsOurs("n"), StringComparison.Ordinal)
            .Replace("{own}", CatalogSql.IsOwn("c.conrelid"), StringComparison.Ordinal);
        foreach (var (child, name, parent, partitioned, bytes, columns) in await context.QueryAsync(
            sql,
            r => (r.GetString(0), r.GetString(1), r.GetString(2), r.GetBoolean(3), r.GetInt64(4), r.GetString(5)),
            cancellationToken))
        {
            findings.Add(new("ForeignKeyWithoutIndex", FindingSeverity.Warning,
                $"No index of {child} begins with ({columns}), in whatever order: the server searches {child} for each row that is deleted from {parent}.")
            {
                DatabaseObject = $"{child}.{name}",
                Evidence = $"{child} has {HumanReadable.Bytes(bytes)}.",
                FixSql = $"CREATE INDEX {(partitioned ? "" : "CONCURRENTLY ")}ON {child} ({columns});",
                RecommendedAction = partitioned
                    ? "It keeps others from writing while it builds. To avoid that, build one CONCURRENTLY on each partition and attach them."
                    : "Put it into a migration, so that every database gets it.",
            });
        }
    }
}
