using Npgsql;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Engine.Running;

/// <summary>
/// One transaction keeps every lock until its end, and the server's lock table has a fixed size (manual: "Lock Management",
/// max_locks_per_transaction). Better refused before the start than "out of shared memory" after an hour.
/// </summary>
static class LockCapacityCheck
{
    const string Sql = """
        SELECT current_setting('max_locks_per_transaction')::bigint
               * (current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint),
               (SELECT count(*) FROM pg_catalog.pg_locks)
        """;

    /// <summary>A refusal when the locks will not fit; null when they will.</summary>
    public static async Task<Finding?> JudgeAsync(Session session, MigrationPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Request.Transaction != TransactionMode.All || plan.Steps.Count == 0)
        {
            return null;
        }

        await using var command = new NpgsqlCommand(Sql, session.Connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var free = reader.GetInt64(0) - reader.GetInt64(1);
        var needed = LockCountEstimator.Of(plan.Steps);
        return needed <= free
            ? null
            : Finding.Refusal(
                MigrationErrorCode.TooFewLocks,
                FormattableString.Invariant(
                    $"One transaction for all {plan.Steps.Count} migrations would need about {needed} locks at once; {plan.Database} has room for {free} (max_locks_per_transaction x (max_connections + max_prepared_transactions), less those in use)."),
                "Run with one transaction for each migration (leave -Transaction out), run in parts with -Count, or raise max_locks_per_transaction.");
    }
}
