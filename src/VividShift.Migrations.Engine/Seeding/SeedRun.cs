using System.Diagnostics;
using System.Runtime.CompilerServices;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Engine.Running;
using VividShift.Migrations.Running;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>Runs agreed seeds under the lock of migrations, so that neither works on what the other is changing.</summary>
sealed class SeedRun(ResolvedDatabase database, bool force, IMigrationObserver observer)
{
    internal async IAsyncEnumerable<SeedResult> RunAsync(
        IReadOnlyList<SeedStep> agreed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!agreed.Any(step => step.Runs))
        {
            foreach (var step in agreed)
            {
                yield return PassedOver(step);
            }

            yield break;
        }

        await using var opened = await Session.OpenAsync(database, SessionPurpose.Write, observer, cancellationToken);
        await PoolerCheck.RefuseSwappingAsync(opened, database, observer, cancellationToken);
        await using var runLock = await RunLock.AcquireAsync(
            opened, RunLock.KeyOf(database.Target.Database), database.LockTimeout, observer, cancellationToken);
        var session = new SeedSession(opened, observer);
        await SeedHistory.CreateAsync(session, cancellationToken);
        var recorded = await SeedHistory.ReadAsync(session, cancellationToken);
        for (var i = 0; i < agreed.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ThrowIfChangedAsync(agreed[i], cancellationToken);
            // Another run may have done it while this one waited for the lock.
            var step = SeedService.Judge(agreed[i].File, agreed[i].Hash, recorded, force);
            yield return step.Runs
                ? await RunAsync(session, step, FormattableString.Invariant($"{i + 1} of {agreed.Count}"), cancellationToken)
                : PassedOver(step);
        }
    }

    async Task<SeedResult> RunAsync(SeedSession session, SeedStep step, string place, CancellationToken cancellationToken)
    {
        observer.Report(new VerboseMessage($"{step.Action}."));
        var watch = Stopwatch.StartNew();
        SeedCounts? counts = null;
        await using (var transaction = await session.Session.Connection.BeginTransactionAsync(cancellationToken))
        {
            if (step.File.Format == SeedFormat.Sql)
            {
                await SqlSeed.RunAsync(session, step.File, observer, cancellationToken);
            }
            else
            {
                await using var rows = await SeedRows.OpenAsync(step.File, cancellationToken);
                counts = await new RowSeed(session, step.File, Progress(place, step)).RunAsync(rows, cancellationToken);
            }

            await SeedHistory.WriteAsync(session, step, counts, watch.Elapsed, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await session.Session.ResetAsync(cancellationToken);
        return new SeedResult
        {
            Name = step.File.Name,
            Table = counts?.Table,
            Outcome = SeedOutcome.Seeded,
            Inserted = counts?.Inserted,
            Updated = counts?.Updated,
            Unchanged = counts?.Unchanged,
            Duration = watch.Elapsed,
            Path = step.File.Path,
            Database = database.Target,
        };
    }

    Action<string, int> Progress(string place, SeedStep step) =>
        (status, percent) => observer.Report(new ProgressChanged($"Seeding {database.Target}", $"{place}: {step.File.Name}, {status}", percent));

    SeedResult PassedOver(SeedStep step) => new()
    {
        Name = step.File.Name,
        Outcome = SeedOutcome.Unchanged,
        Path = step.File.Path,
        Database = database.Target,
    };

    static async Task ThrowIfChangedAsync(SeedStep step, CancellationToken cancellationToken)
    {
        if (await SeedHash.OfAsync(step.File, cancellationToken) != step.Hash)
        {
            throw new MigrationException(
                MigrationErrorCode.PlanChanged, $"{step.File.Path} was edited after it was agreed to.", "Run Invoke-VsSeed again.")
            {
                DatabaseState = "Nothing of it was written.",
                Target = step.File,
            };
        }
    }
}
