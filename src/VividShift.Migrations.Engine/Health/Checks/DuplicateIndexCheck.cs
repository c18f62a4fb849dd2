using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Indexes that are there twice: same columns or expressions, operator classes, collations, order and predicate.</summary>
sealed class DuplicateIndexCheck : IHealthCheck
{
    // Of two equals stays what something else rests on, else the older one.
    const string PairSql = """
        , ranked AS (
            SELECT i.*, CASE WHEN indisprimary THEN 8 ELSE 0 END + CASE WHEN referenced OR indisreplident THEN 4 ELSE 0 END
                        + CASE WHEN constraint_name IS NOT NULL THEN 2 ELSE 0 END + CASE WHEN indisunique THEN 1 ELSE 0 END AS rank
            FROM i
        )
        SELECT DISTINCT ON (d.indexrelid)
               {dropped}, {kept}, {table}, d.constraint_name, d.relkind = 'I', {bytes}, left(pg_get_indexdef(d.indexrelid), 300)
        FROM ranked d
             JOIN ranked k ON k.indrelid = d.indrelid AND k.relam = d.relam AND k.keys = d.keys AND k.indnkeyatts = d.indnkeyatts
                          AND k.classes = d.classes AND k.collations = d.collations AND k.options = d.options
                          AND k.expressions = d.expressions AND k.predicate = d.predicate AND k.indexrelid <> d.indexrelid
        WHERE NOT (d.indisprimary OR d.referenced OR d.indisreplident OR d.indisexclusion)
          AND (NOT d.indisunique OR (k.indisunique AND k.nulls_equal = d.nulls_equal AND (k.indimmediate OR NOT d.indimmediate)))
          AND (k.rank > d.rank OR (k.rank = d.rank AND k.indexrelid < d.indexrelid))
        ORDER BY d.indexrelid, k.rank DESC, k.indexrelid
        """;

    public string Title => "indexes that are there twice";

    public HealthGroup Group => HealthGroup.Index;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = IndexList.Of(context) + PairSql
            .Replace("{dropped}", CatalogSql.Name("d.indexrelid"), StringComparison.Ordinal)
            .Replace("{bytes}", CatalogSql.Bytes("d.indexrelid"), StringComparison.Ordinal)
            .Replace("{kept}", CatalogSql.Name("k.indexrelid"), StringComparison.Ordinal)
            .Replace("{table}", CatalogSql.Name("d.indrelid"), StringComparison.Ordinal);
        foreach (var (dropped, kept, table, constraint, partitioned, bytes, definition) in await context.QueryAsync(
            sql,
            r => (r.GetString(0), r.GetString(1), r.GetString(2), r.IsDBNull(3) ? null : r.GetString(3), r.GetBoolean(4), r.GetInt64(5), r.GetString(6)),
            cancellationToken))
        {
            findings.Add(new("DuplicateIndex", FindingSeverity.Warning, $"The index {dropped} on {table} does nothing that {kept} does not do.")
            {
                DatabaseObject = dropped,
                Evidence = $"{HumanReadable.Bytes(bytes)}: {definition}",
                FixSql = constraint is null ? IndexList.Drop(dropped, partitioned) : $"ALTER TABLE {table} DROP CONSTRAINT {constraint};",
                RecommendedAction = "Each write pays for both. See that no migration or query hint names the one that goes.",
            });
        }
    }
}
