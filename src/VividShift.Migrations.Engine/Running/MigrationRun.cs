using System.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Engine.Hooks;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Running;

/// <summary>Runs an agreed plan: lock, read history again, plan again, stop if that changed, then step by step.</summary>
sealed class MigrationRun(ResolvedDatabase database, RunRequest request, MigrationHooks hooks, IMigrationObserver observer)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (request.AgreedSteps == 0)
        {
            return;
        }

        if (request.Agreed.CreatesDatabase)
        {
            await DatabaseCreation.CreateAsync(database, observer, cancellationToken);
        }

        await using var session = await Session.OpenAsync(database, SessionPurpose.Write, observer, cancellationToken);
        await PoolerCheck.RefuseSwappingAsync(session, database, observer, cancellationToken);
        var lockKey = request.Agreed.Context.LockKey;
        await using var runLock = await RunLock.AcquireAsync(session, lockKey, database.LockTimeout, observer, cancellationToken);
        var table = await SqlxHistoryTable.ReadAsync(session, database.Project, cancellationToken);
        table.ThrowIfUnreadable();
        table.ThrowIfReplaced(request.Agreed.Context);
        var context = request.Agreed.Context with { History = table.Rows, HistoryFindings = table.Findings, DatabaseMissing = false };
        var now = Planner.Plan(context, request.Agreed.Request);
        var steps = PlanAgreement.StepsToRun(request.Agreed, request.AgreedSteps, now);
        TellWhatOthersDid(steps.Count);
        if (steps.Count == 0)
        {
            return;
        }

        if (!table.Rows.Exists)
        {
            await table.CreateAsync(session, database.Project, cancellationToken);
        }

        var run = new RunContext(session, now, observer);
        if (run.OneTransaction)
        {
            await RunAllAsync(run, steps, cancellationToken);
        }
        else
        {
            await RunEachAsync(run, steps, cancellationToken);
        }
    }

    // A hook within the transaction would keep its locks waiting, and one of SQL could wait for them in turn.
    async Task RunAllAsync(RunContext run, IReadOnlyList<PlanStep> steps, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await hooks.BeforeAsync(step, run.Done, cancellationToken);
        }

        await SingleTransaction.RunAsync(run, database, steps, cancellationToken);
        foreach (var step in steps)
        {
            await hooks.AfterAsync(step, run.Done, cancellationToken);
        }
    }

    async Task RunEachAsync(RunContext run, IReadOnlyList<PlanStep> steps, CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; i < steps.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await hooks.BeforeAsync(steps[i], run.Done, cancellationToken);
                run.Begin(steps[i], i + 1, steps.Count);
                var result = await RunStepAsync(run, steps[i], cancellationToken);
                run.Done.Add(result);
                await observer.PublishAsync(result, cancellationToken);
                await hooks.AfterAsync(steps[i], run.Done, cancellationToken);
            }
        }
        finally
        {
            await FlushBookkeepingAsync(run);
        }
    }

    async Task<MigrationResult> RunStepAsync(RunContext run, PlanStep step, CancellationToken cancellationToken)
    {
        var startedAt = DateTimeOffset.Now;
        var watch = Stopwatch.StartNew();
        var progress = new StepProgress();
        try
        {
            await run.SendAsync(step, progress, watch, cancellationToken);
        }
        catch (Exception e) when (RunFailure.IsServerOrConnection(e))
        {
            var end = await StepEnd.FindAsync(run, database, step, progress);
            var result = run.Result(step, startedAt, watch.Elapsed, MigrationOutcome.Failed, e.Message);
            throw RunFailure.Explain(e, run, step, progress, end, result);
        }
        catch (OperationCanceledException)
        {
            await StepEnd.RollBackAsync(run, step);
            throw;
        }

        return run.Result(
            step, startedAt, watch.Elapsed, step.Direction == MigrationDirection.Up ? MigrationOutcome.Applied : MigrationOutcome.Reverted);
    }

    /// <summary>The last duration, also after a failure or a cancelled run; on a token of its own.</summary>
    static async Task FlushBookkeepingAsync(RunContext run)
    {
        if (run.Session.Connection.State == System.Data.ConnectionState.Open)
        {
            using var limit = new CancellationTokenSource(StepEnd.Patience);
            await run.Sender.FlushAsync(limit.Token);
        }
    }

    void TellWhatOthersDid(int left)
    {
        var done = request.AgreedSteps - left;
        if (done > 0)
        {
            observer.Report(new WarningRaised(FormattableString.Invariant(
                $"Another runner applied {done} of the {request.AgreedSteps} migrations while this one waited for the lock.")));
        }
    }
}
