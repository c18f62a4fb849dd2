using System.Data;
using Npgsql;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Engine.Running;

/// <summary>How things stand after a step failed, as the database tells it.</summary>
enum StepEndState
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
static class StepEnd
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>What CREATE INDEX CONCURRENTLY and its like leave when they fail: indexes that cost writes and serve no query.</summary>
    const string InvalidIndexes = """
        SELECT coalesce(string_agg(i.indexrelid::regclass::text, ', ' ORDER BY i.indexrelid::regclass::text), '')
        FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
        WHERE NOT i.indisvalid AND c.relkind = 'i'
        """;

    public static async Task<StepEndState> FindAsync(RunContext run, ResolvedDatabase database, PlanStep step, StepProgress progress)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await RollBackAsync(run, step);
            if (run.Session.Connection.State == ConnectionState.Open)
            {
                // Outside a transaction nothing took the file's SET ROLE or statement_timeout back; history must be readable all the same.
                await run.Session.ResetAsync(limit.Token);
                return await AskAsync(run.Session, run.HistoryTable, step, progress, limit.Token);
            }

            await using var other = await Session.OpenAsync(database, SessionPurpose.ReadOnly, run.Observer, limit.Token);
            return await AskAsync(other, run.HistoryTable, step, progress, limit.Token);
        }
        catch (Exception e) when (e is NpgsqlException or MigrationException or OperationCanceledException)
        {
            // The failure that brought us here is what the user must see; that the server cannot be asked is part of its text.
            return StepEndState.Unknown;
        }
    }

    /// <summary>
    /// Leaves an aborted or half-way transaction. Does nothing on a broken connection, whose end is the server's rollback, and nothing for a step
    /// outside a transaction: the server would warn that there is none.
    /// </summary>
    public static async Task RollBackAsync(RunContext run, PlanStep step)
    {
        run.Sender.Clear();
        if (!step.Transactional || run.Session.Connection.State != ConnectionState.Open)
        {
            return;
        }

        using var limit = new CancellationTokenSource(Patience);
        await run.Session.ExecuteAsync("ROLLBACK", limit.Token);
    }

    static async Task<StepEndState> AskAsync(Session session, string table, PlanStep step, StepProgress progress, CancellationToken cancellationToken)
    {
        var success = await SqlxHistoryTable.FindSuccessAsync(session, table, step.Version, cancellationToken);
        if (!step.Transactional)
        {
            progress.InvalidIndexes = (await session.ScalarAsync<string>(InvalidIndexes, cancellationToken))!;
        }

        return (step.Direction, success) switch
        {
            (_, false) when progress.RowWritten => StepEndState.Unfinished,
            (MigrationDirection.Up, true) => StepEndState.Durable,
            (MigrationDirection.Down, null) => StepEndState.Durable,
            _ => StepEndState.Nothing,
        };
    }
}
