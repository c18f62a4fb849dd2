using System.Data;
using System.Globalization;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>
/// Databases whose oldest rows were not frozen for too long. At 2.1 billion transactions the whole server takes no more writes, whichever
/// database it is.
/// </summary>
sealed class WraparoundCheck : IHealthCheck
{
    static readonly string ListSql = $$"""
        SELECT quote_ident(d.datname)::text AS name, d.datname = current_database() AS current, d.datallowconn AS connectable,
               age(d.datfrozenxid)::bigint AS transactions, mxid_age(d.datminmxid)::bigint AS multixacts,
               CASE WHEN d.datname = current_database() THEN
                   (SELECT string_agg(format('%s (%s)', o.name, o.age), ', ' ORDER BY o.age DESC)
                    FROM (SELECT {{CatalogSql.Name("c.oid")}} AS name,
                    greatest(age(c.relfrozenxid), mxid_age(c.relminmxid)) AS age FROM pg_class c
                          WHERE c.relkind IN ('r', 'm', 't') ORDER BY 2 DESC LIMIT 3) AS o)
               END AS oldest
        FROM pg_database d
        WHERE age(d.datfrozenxid) >= $1 OR mxid_age(d.datminmxid) >= $1
        ORDER BY 1
        """;

    public string Title => "transaction id wraparound";

    public HealthGroup Group => HealthGroup.Table;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = ListSql;
        foreach (var database in await context.QueryAsync(
            sql,
            r => new Ages(r.GetString("name"), r.GetBoolean("current"), r.GetBoolean("connectable"), r.GetInt64("transactions"), r.GetInt64("multixacts"), r.GetStringOrNull("oldest")),
            cancellationToken,
            context.Thresholds.WraparoundWarningAge))
        {
            foreach (var (rule, what, age) in new[]
            {
                ("TransactionWraparound", "transaction ids", database.Transactions), ("MultixactWraparound", "multixact ids", database.Multixacts),
            })
            {
                if (age >= context.Thresholds.WraparoundWarningAge)
                {
                    findings.Add(Describe(rule, what, age, database, context.Thresholds));
                }
            }
        }
    }

    static Finding Describe(string rule, string what, long age, Ages database, HealthThresholds thresholds) =>
        new(rule, age >= thresholds.WraparoundErrorAge ? FindingSeverity.Error : FindingSeverity.Warning,
            $"The oldest {what} of the database {database.Name} are not frozen yet; at 2.1 billion the whole server stops taking writes.")
        {
            DatabaseObject = $"database {database.Name}",
            Evidence = string.Create(CultureInfo.InvariantCulture, $"Their age is {age}, {100.0 * age / int.MaxValue:0.#} % of what there is.")
                + (database.Oldest is null ? "" : $" The oldest: {database.Oldest}."),
            FixSql = database.IsCurrent ? "VACUUM (FREEZE);" : null,
            RecommendedAction = database switch
            {
                { IsCurrent: true } => "First end what holds vacuum back: old transactions, prepared transactions, replication slots. Run it as a superuser, who may vacuum all tables.",
                { Connectable: true } => $"Connect to {database.Name} and run VACUUM (FREEZE) there.",
                _ => $"Nobody may connect to {database.Name}, so only autovacuum can do it: see that it runs, and what holds it back.",
            },
        };

    sealed record Ages(string Name, bool IsCurrent, bool Connectable, long Transactions, long Multixacts, string? Oldest);
}
