using System.Runtime.CompilerServices;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Engine.Hooks;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Running;

/// <summary>
/// The story of a run, from top to bottom. Each result comes as soon as it is durable, and the run goes on when the next one is asked for: whoever
/// takes no more ends it between two migrations.
/// </summary>
sealed class MigrationRunner(OpenDatabase opened, RunRequest request, PreRunBackup backup, RunHooks hooks, IMigrationObserver observer)
{
    readonly List<MigrationResult> _done = [];
    bool _failed;

    /// <summary>Runs, with the failure path beside: hooks run for what fails and for a run that nobody takes the results of any more.</summary>
    /// <exception cref="MigrationException">What failed, and how to bring back what was there before.</exception>
    public async IAsyncEnumerable<MigrationResult> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (request.AgreedSteps == 0)
        {
            yield break;
        }

        var run = TellAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var ended = false;
        try
        {
            while (await NextAsync(run, cancellationToken))
            {
                yield return run.Current;
            }

            ended = true;
        }
        finally
        {
            await LeaveAsync(run, stopped: !ended && !_failed);
        }
    }

    /// <summary>The whole run: before anything is written, the migrations, after them.</summary>
    async IAsyncEnumerable<MigrationResult> TellAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await hooks.BeforeRunAsync(cancellationToken);
        await backup.MakeAsync(cancellationToken);
        await foreach (var result in opened.StreamAsync(observer, database => MigrateAsync(database, cancellationToken), cancellationToken))
        {
            yield return result;
        }

        await hooks.AfterRunAsync(_done, cancellationToken);
    }

    /// <summary>Under the lock: history is read again, and planned again, and the run stops if that is no longer what was agreed to.</summary>
    async IAsyncEnumerable<MigrationResult> MigrateAsync(
        ResolvedDatabase database, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (request.Agreed.CreatesDatabase)
        {
            await DatabaseCreation.CreateAsync(database, observer, cancellationToken);
        }

        await using var session = await Session.OpenAsync(database, SessionPurpose.Write, observer, cancellationToken);
        await PoolerCheck.RefuseSwappingAsync(session, database, observer, cancellationToken);
        await using var runLock = await RunLock.AcquireAsync(
            session, request.Agreed.Context.LockKey, database.LockTimeout, observer, cancellationToken);

        var table = await HistoryTable.LocateAsync(session, database.Project.HistoryTable, cancellationToken);
        var history = await table.ReadAsync(session, cancellationToken);
        var now = Planner.Plan(request.Agreed.Context with { History = history, DatabaseMissing = false }, request.Agreed.Request);
        var steps = PlanAgreement.StepsToRun(request.Agreed, request.AgreedSteps, now);
        ReportWhatOthersDid(steps.Count);
        if (steps.Count == 0)
        {
            yield break;
        }

        if (!table.Exists)
        {
            await HistoryCreation.CreateAsync(session, database.Project, table.Name, cancellationToken);
        }

        var runner = new StepRunner(session, database, now, _done, observer);
        var results = runner.OneTransaction ? RunAllAsync(runner, steps, cancellationToken) : RunEachAsync(runner, steps, cancellationToken);
        await foreach (var result in results)
        {
            yield return result;
        }
    }

    /// <summary>One after the other, each with its hooks.</summary>
    async IAsyncEnumerable<MigrationResult> RunEachAsync(
        StepRunner runner, IReadOnlyList<PlanStep> steps, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; i < steps.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await hooks.BeforeMigrationAsync(steps[i], _done, cancellationToken);
                yield return Record(await runner.RunAsync(steps[i], i + 1, steps.Count, cancellationToken));
                await hooks.AfterMigrationAsync(steps[i], _done, cancellationToken);
            }
        }
        finally
        {
            await runner.FlushAsync();
        }
    }

    /// <summary>
    /// All in one transaction, and no result before it is durable. The hooks are round it: one within would keep its locks waiting, and one of SQL
    /// could wait for them in turn.
    /// </summary>
    async IAsyncEnumerable<MigrationResult> RunAllAsync(
        StepRunner runner, IReadOnlyList<PlanStep> steps, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await hooks.BeforeMigrationAsync(step, _done, cancellationToken);
        }

        // All are durable at once: also those that nobody takes any more.
        foreach (var result in (await runner.RunAllAsync(steps, cancellationToken)).Select(Record).ToList())
        {
            yield return result;
        }

        foreach (var step in steps)
        {
            await hooks.AfterMigrationAsync(step, _done, cancellationToken);
        }
    }

    MigrationResult Record(MigrationResult result)
    {
        _done.Add(result with { Backup = backup.Folder });
        return _done[^1];
    }

    void ReportWhatOthersDid(int left)
    {
        var done = request.AgreedSteps - left;
        if (done > 0)
        {
            observer.Report(new WarningRaised(FormattableString.Invariant(
                $"Another runner applied {done} of the {request.AgreedSteps} migrations while this one waited for the lock.")));
        }
    }

    async Task<bool> NextAsync(IAsyncEnumerator<MigrationResult> run, CancellationToken cancellationToken)
    {
        try
        {
            return await run.MoveNextAsync();
        }
        catch (Exception e)
        {
            _failed = true;
            var failure = backup.PointTo(e);
            await hooks.OnFailureAsync(_done, failure, cancellationToken.IsCancellationRequested);
            if (ReferenceEquals(failure, e))
            {
                throw;
            }

            throw failure;
        }
    }

    /// <summary>Lets go of lock and session, which a run that has ended has done already.</summary>
    async Task LeaveAsync(IAsyncEnumerator<MigrationResult> run, bool stopped)
    {
        try
        {
            await run.DisposeAsync();
        }
        finally
        {
            if (stopped)
            {
                await hooks.OnFailureAsync(_done, failure: null, stopping: true);
            }
        }
    }
}
