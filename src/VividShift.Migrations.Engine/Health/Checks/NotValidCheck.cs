using System.Data;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Constraints that hold for new rows and were never proved for the old ones.</summary>
sealed class NotValidCheck : IHealthCheck
{
    static string ListSql(HealthContext context) => $$"""
        SELECT coalesce({{CatalogSql.Name("t.oid")}}, quote_ident(dn.nspname) || '.' || quote_ident(d.typname)) AS owner,
               quote_ident(c.conname)::text AS name,
               CASE WHEN c.contypid <> 0 THEN 'ALTER DOMAIN' ELSE 'ALTER TABLE' END AS command,
               left(pg_get_constraintdef(c.oid), 200) AS definition
        FROM pg_constraint c
             LEFT JOIN pg_class t ON t.oid = c.conrelid
             LEFT JOIN pg_type d ON d.oid = c.contypid
             LEFT JOIN pg_namespace dn ON dn.oid = d.typnamespace
             JOIN pg_namespace n ON n.oid = c.connamespace
        WHERE NOT c.convalidated AND c.conparentid = 0 AND {{(context.Major >= 18 ? "c.conenforced" : "true")}}
          AND {{CatalogSql.IsOurs("n")}} AND NOT (coalesce(t.relispartition, false) AND c.coninhcount > 0)
        ORDER BY 1, 2
        """;

    public string Title => "constraints that are NOT VALID";

    public HealthGroup Group => HealthGroup.Constraint;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = ListSql(context);
        foreach (var (owner, name, command, definition) in await context.QueryAsync(
            sql, r => (r.GetString("owner"), r.GetString("name"), r.GetString("command"), r.GetString("definition")), cancellationToken))
        {
            findings.Add(new("NotValidConstraint", FindingSeverity.Warning, $"The constraint {name} of {owner} was never proved for the rows that were there before it.")
            {
                DatabaseObject = $"{owner}.{name}",
                Evidence = definition,
                FixSql = $"{command} {owner} VALIDATE CONSTRAINT {name};",
                RecommendedAction = "It reads the whole table and lets others write meanwhile. It fails as long as rows break the constraint: see BrokenForeignKey and BrokenCheck.",
            });
        }
    }
}
