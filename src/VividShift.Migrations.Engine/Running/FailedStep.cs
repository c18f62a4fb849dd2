using System.Data;
using Npgsql;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Engine.Running;

/// <summary>How things stand after a step failed, as the database tells it.</summary>
enum FailedStepOutcome
{
    /// <summary>The step left nothing: rolled back, or never begun.</summary>
    Nothing,

    /// <summary>Outside a transaction: some statements may have taken effect, history has the row as unfinished.</summary>
    Unfinished,

    /// <summary>It is durable although the client was told otherwise: the connection broke after COMMIT.</summary>
    Durable,

    /// <summary>The server cannot be asked.</summary>
    Unknown,
}

/// <summary>Cleans up after a failed step and finds out how it ended. Never on the run's token, which may be cancelled.</summary>
static class FailedStep
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);

    /// <summary>What CREATE INDEX CONCURRENTLY and its like leave when they fail: indexes that cost writes and serve no query.</summary>
    const string InvalidIndexes = """
        SELECT coalesce(string_agg(i.indexrelid::regclass::text, ', ' ORDER BY i.indexrelid::regclass::text), '')
        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
        WHERE NOT i.indisvalid AND c.relkind = 'i'
        """;

    /// <summary>Rolls back what can be, then asks the server.</summary>
    /// <param name="session">The session in which it ran.</param>
    /// <param name="database">Where to ask when that session is gone.</param>
    /// <param name="table">The history table.</param>
    /// <param name="attempt">The step.</param>
    /// <param name="observer">Is told of a new session.</param>
    public static async Task<FailedStepOutcome> FindOutcomeAsync(
        Session session, ResolvedDatabase database, string table, StepAttempt attempt, IMigrationObserver observer)
    {
        using var limit = new CancellationTokenSource(TimeLimit);
        try
        {
            await RollBackAsync(session, attempt.Step);
            if (session.Connection.State == ConnectionState.Open)
            {
                // Outside a transaction nothing took the file's SET ROLE or statement_timeout back; history must be readable all the same.
                await session.ResetAsync(limit.Token);
                return await AskAsync(session, table, attempt, limit.Token);
            }

            await using var other = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, limit.Token);
            return await AskAsync(other, table, attempt, limit.Token);
        }
        catch (Exception e) when (e is NpgsqlException or MigrationException or OperationCanceledException)
        {
            // The failure that brought us here is what the user must see; that the server cannot be asked is part of its text.
            return FailedStepOutcome.Unknown;
        }
    }

    /// <summary>
    /// Leaves an aborted or half-way transaction. Does nothing on a broken connection, whose end is the server's rollback, and nothing for a step
    /// outside a transaction: the server would warn that there is none.
    /// </summary>
    public static async Task RollBackAsync(Session session, PlanStep step)
    {
        if (!step.Transactional || session.Connection.State != ConnectionState.Open)
        {
            return;
        }

        using var limit = new CancellationTokenSource(TimeLimit);
        await using var rollback = new NpgsqlBatch(session.Connection) { BatchCommands = { new("ROLLBACK") } };
        await rollback.ExecuteNonQueryAsync(limit.Token);
    }

    static async Task<FailedStepOutcome> AskAsync(Session session, string table, StepAttempt attempt, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(HistoryTable.SelectSuccess(table), session.Connection)
        {
            Parameters = { new() { Value = attempt.Step.Version } },
        };
        var success = (bool?)await command.ExecuteScalarAsync(cancellationToken);
        if (!attempt.Step.Transactional)
        {
            await using var invalid = new NpgsqlCommand(InvalidIndexes, session.Connection);
            attempt.InvalidIndexes = (string)(await invalid.ExecuteScalarAsync(cancellationToken))!;
        }

        return (attempt.Step.Direction, success) switch
        {
            (_, false) when attempt.RowWritten => FailedStepOutcome.Unfinished,
            (MigrationDirection.Up, true) => FailedStepOutcome.Durable,
            (MigrationDirection.Down, null) => FailedStepOutcome.Durable,
            _ => FailedStepOutcome.Nothing,
        };
    }
}
