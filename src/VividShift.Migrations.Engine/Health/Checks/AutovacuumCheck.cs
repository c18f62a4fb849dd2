using System.Data;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Tables that autovacuum was told to leave alone.</summary>
sealed class AutovacuumCheck : IHealthCheck
{
    static readonly string ListSql = $$"""
        SELECT {{CatalogSql.Name("c.oid")}} AS table, o.option_value AS value
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             CROSS JOIN LATERAL pg_options_to_table(c.reloptions) o
        WHERE c.relkind IN ('r', 'm') AND o.option_name = 'autovacuum_enabled' AND NOT o.option_value::boolean
          AND {{CatalogSql.IsOurs("n")}}
        ORDER BY 1
        """;

    public string Title => "tables without autovacuum";

    public HealthGroup Group => HealthGroup.Table;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = ListSql;
        foreach (var (table, value) in await context.QueryAsync(sql, r => (r.GetString("table"), r.GetString("value")), cancellationToken))
        {
            findings.Add(new("AutovacuumDisabled", FindingSeverity.Warning, $"Autovacuum leaves {table} alone: dead rows pile up and its statistics grow old.")
            {
                DatabaseObject = table,
                Evidence = $"autovacuum_enabled = {value}",
                FixSql = $"ALTER TABLE {table} RESET (autovacuum_enabled);",
                RecommendedAction = "If a bulk load switched it off, it has forgotten to switch it on again.",
            });
        }
    }
}
