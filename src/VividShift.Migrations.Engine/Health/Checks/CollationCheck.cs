using System.Data;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>The same for the collations of single columns and indexes. Hundreds are in the catalogue; only those in use matter.</summary>
sealed class CollationCheck : IHealthCheck
{
    static readonly string ListSql = $$"""
        SELECT quote_ident(cn.nspname) || '.' || quote_ident(c.collname) AS name, c.collversion AS made,
               pg_collation_actual_version(c.oid) AS actual, i.names AS indexes, i.exclusions
        FROM pg_collation c
             JOIN pg_namespace cn ON cn.oid = c.collnamespace
             CROSS JOIN LATERAL (
                 SELECT array_agg({{CatalogSql.Name("x.indexrelid")}} ORDER BY 1) AS names,
                 array_agg(x.indisexclusion ORDER BY {{CatalogSql.Name("x.indexrelid")}}) AS exclusions
                 FROM pg_index x JOIN pg_class ic ON ic.oid = x.indexrelid
                 WHERE c.oid = ANY (x.indcollation::oid[]) AND ic.relkind = 'i') AS i
        WHERE c.collversion <> pg_collation_actual_version(c.oid)
          AND (i.names IS NOT NULL OR EXISTS (
              SELECT FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid JOIN pg_namespace n ON n.oid = t.relnamespace
              WHERE a.attcollation = c.oid AND NOT a.attisdropped AND {{CatalogSql.IsOurs("n")}}))
        ORDER BY 1
        """;

    public string Title => "collations that have changed";

    public HealthGroup Group => HealthGroup.Server;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = ListSql;
        foreach (var (name, made, actual, indexes, exclusions) in await context.QueryAsync(
            sql,
            r => (r.GetString("name"), r.GetString("made"), r.GetString("actual"), r.IsDBNull("indexes") ? [] : r.GetFieldValue<string[]>("indexes"), r.IsDBNull("exclusions") ? [] : r.GetFieldValue<bool[]>("exclusions")),
            cancellationToken))
        {
            findings.Add(new("CollationVersionMismatch", FindingSeverity.Warning, $"The collation {name} sorts by another version now: its indexes may miss rows.")
            {
                DatabaseObject = $"collation {name}",
                Evidence = $"Made with version {made}, the server has {actual}. Indexes: {(indexes.Length == 0 ? "none" : CheckFailure.Names(indexes))}.",
                FixSql = string.Join('\n', [.. indexes.Zip(exclusions, IndexList.Rebuild), $"ALTER COLLATION {name} REFRESH VERSION;"]),
                RecommendedAction = "The last statement only says that the others are done.",
            });
        }
    }
}
