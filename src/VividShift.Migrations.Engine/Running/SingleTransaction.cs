using System.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Running;

/// <summary>The whole run in one transaction: all of it or nothing. Results come at the end, when they are durable.</summary>
static class SingleTransaction
{
    public static async Task RunAsync(RunContext run, ResolvedDatabase database, IReadOnlyList<PlanStep> steps, CancellationToken cancellationToken)
    {
        var results = new List<MigrationResult>(steps.Count);
        var current = steps[0];
        try
        {
            await run.Sender.AddAsync(run.Statements.Begin, cancellationToken);
            foreach (var (step, i) in steps.Select((s, i) => (s, i)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                current = step;
                var startedAt = DateTimeOffset.Now;
                var watch = Stopwatch.StartNew();
                run.Begin(step, i + 1, steps.Count);
                await run.SendAsync(step, new(), watch, cancellationToken);
                results.Add(run.Result(
                    step, startedAt, watch.Elapsed, step.Direction == MigrationDirection.Up ? MigrationOutcome.Applied : MigrationOutcome.Reverted));
            }

            await run.Sender.AddAsync(run.Statements.Commit, cancellationToken);
        }
        catch (Exception e) when (RunFailure.IsServerOrConnection(e))
        {
            var end = await StepEnd.FindAsync(run, database, current, new());
            throw RunFailure.Explain(
                e, run, current, new(), end, run.Result(current, DateTimeOffset.Now, TimeSpan.Zero, MigrationOutcome.Failed, e.Message));
        }
        catch (OperationCanceledException)
        {
            await StepEnd.RollBackAsync(run, current);
            throw;
        }

        foreach (var result in results)
        {
            run.Done.Add(result);
            await run.Observer.PublishAsync(result, cancellationToken);
        }
    }
}
