using System.Data;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Triggers that do not fire. Those that PostgreSQL made itself are the foreign keys.</summary>
sealed class DisabledTriggerCheck : IHealthCheck
{
    static readonly string ListSql = $$"""
        SELECT {{CatalogSql.Name("t.oid")}} AS table, quote_ident(g.tgname)::text AS name, g.tgenabled = 'R' AS replica_only,
               g.tgisinternal AND g.tgconstraint <> 0 AS foreign_key,
               (SELECT {{CatalogSql.Name("c.conrelid")}} || '.' || quote_ident(c.conname) FROM pg_constraint c WHERE c.oid = g.tgconstraint) AS constraint
        FROM pg_trigger g
             JOIN pg_class t ON t.oid = g.tgrelid
             JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE g.tgenabled IN ('D', 'R') AND {{CatalogSql.IsOurs("n")}}
        UNION ALL
        SELECT NULL, quote_ident(e.evtname), e.evtenabled = 'R', false, NULL
        FROM pg_event_trigger e WHERE e.evtenabled IN ('D', 'R')
        ORDER BY 1, 5, 2
        """;

    public string Title => "triggers that are disabled";

    public HealthGroup Group => HealthGroup.Constraint;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = ListSql;
        var triggers = await context.QueryAsync(
            sql,
            r => new Trigger(r.GetStringOrNull("table"), r.GetString("name"), r.GetBoolean("replica_only"), r.GetBoolean("foreign_key"), r.GetStringOrNull("constraint")),
            cancellationToken);
        foreach (var trigger in triggers.Where(t => !t.IsForeignKey))
        {
            findings.Add(OfUser(trigger));
        }

        foreach (var key in triggers.Where(t => t.IsForeignKey).GroupBy(t => (t.Constraint, t.Table)))
        {
            findings.Add(new("DisabledForeignKey", FindingSeverity.Error, $"PostgreSQL does not enforce {key.Key.Constraint} on {key.Key.Table}: its own triggers are disabled.")
            {
                DatabaseObject = key.Key.Constraint,
                Evidence = string.Join(", ", key.Select(t => $"{t.Name} of {t.Table} {t.State}")) + ".",
                FixSql = string.Join('\n', key.Select(t => t.Enable)),
                RecommendedAction = "Only a superuser may do it. What came in meanwhile stays: see BrokenForeignKey.",
            });
        }
    }

    static Finding OfUser(Trigger trigger) =>
        new("DisabledTrigger", FindingSeverity.Warning, $"The {(trigger.Table is null ? "event trigger" : "trigger")} {trigger.Name} {trigger.State}.")
        {
            DatabaseObject = trigger.Table is null ? trigger.Name : $"{trigger.Table}.{trigger.Name}",
            Evidence = $"It {trigger.State}.",
            FixSql = trigger.Enable,
            RecommendedAction = "What it would have done meanwhile is not done by enabling it. If it is not needed any more, drop it.",
        };

    sealed record Trigger(string? Table, string Name, bool ReplicaOnly, bool IsForeignKey, string? Constraint)
    {
        public string State => ReplicaOnly ? "fires for replicated changes only" : "is disabled";

        public string Enable => Table is null ? $"ALTER EVENT TRIGGER {Name} ENABLE;" : $"ALTER TABLE {Table} ENABLE TRIGGER {Name};";
    }
}
