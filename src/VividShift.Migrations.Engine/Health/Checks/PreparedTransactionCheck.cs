using System.Data;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Transactions that were prepared for a two-phase commit whose second phase never came.</summary>
sealed class PreparedTransactionCheck : IHealthCheck
{
    const string ListSql = """
        SELECT p.gid, p.owner::text AS owner, p.database::text AS database, p.database = current_database() AS here,
               extract(epoch FROM clock_timestamp() - p.prepared)::float8 AS seconds
        FROM pg_prepared_xacts p
        WHERE extract(epoch FROM clock_timestamp() - p.prepared) >= $1
        ORDER BY p.prepared
        """;

    public string Title => "forgotten prepared transactions";

    public HealthGroup Group => HealthGroup.Activity;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        foreach (var (gid, owner, database, here, seconds) in await context.QueryAsync(
            ListSql,
            r => (r.GetString("gid"), r.GetString("owner"), r.GetString("database"), r.GetBoolean("here"), r.GetDouble("seconds")),
            cancellationToken,
            context.Thresholds.PreparedTransaction.TotalSeconds))
        {
            findings.Add(new("OldPreparedTransaction", FindingSeverity.Warning,
                $"The prepared transaction {SqlQuote.Literal(gid)} waits for its end: it keeps its locks, and vacuum from removing dead rows, over restarts of the server as well.")
            {
                DatabaseObject = $"prepared transaction {SqlQuote.Literal(gid)}",
                Evidence = $"Prepared {HumanReadable.Duration(TimeSpan.FromSeconds(seconds))} ago by {owner} in {database}.",
                FixSql = here ? $"ROLLBACK PREPARED {SqlQuote.Literal(gid)};" : null,
                RecommendedAction = (here ? "" : $"Connect to {database} first: ROLLBACK PREPARED {SqlQuote.Literal(gid)}. ")
                    + $"Ask its transaction manager which end it should have: COMMIT PREPARED {SqlQuote.Literal(gid)} keeps what it did.",
            });
        }
    }
}
