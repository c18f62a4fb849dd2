using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Running;
using VividShift.Migrations.Repair;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.History.Repair;

/// <summary>Judges in a session that cannot write; changes under the lock of runs, after judging again.</summary>
sealed class HistoryService(OpenDatabase opened) : IHistoryService
{
    public async Task<RepairPlan> PlanAsync(RepairRequest repair, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var context = await opened.UseAsync(
            observer,
            database => new PlanContextLoader(database, observer).ReadAsync(missingDatabaseIsEmpty: false, inspect: null, cancellationToken),
            cancellationToken);
        var plan = RepairPlanner.Plan(context, repair) with { MadeBy = opened };
        observer.Report(new VerboseMessage($"As history is, {plan.VerdictAfter([])}."));
        return plan;
    }

    public async Task<IReadOnlyList<HistoryChange>> ApplyAsync(
        RepairPlan plan, IReadOnlyList<HistoryChange> agreed, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        opened.ThrowUnlessMadeHere(plan.MadeBy, plan.Context.Database);
        return await opened.UseAsync(
            observer,
            async database =>
            {
                await using var session = await Session.OpenAsync(database, SessionPurpose.Write, observer, cancellationToken);
                await PoolerCheck.RefuseSwappingAsync(session, database, observer, cancellationToken);
                await using var runLock = await RunLock.AcquireAsync(
                    session, plan.Context.LockKey, database.LockTimeout, observer, cancellationToken);
                var table = await SqlxHistoryTable.ReadAsync(session, database.Project, cancellationToken);
                table.ThrowIfUnreadable();
                table.ThrowIfReplaced(plan.Context);
                var now = RepairPlanner.Plan(plan.Context with { History = table.Rows, HistoryFindings = table.Findings }, plan.Request);
                ThrowIfRefusedNow(plan, now);
                ThrowIfChanged(now, agreed);
                var changed = await new HistoryChanges(session, database.Project, table).WriteAsync(agreed, cancellationToken);
                Tell(now.VerdictAfter(changed), observer);
                return changed;
            },
            cancellationToken);
    }

    static void ThrowIfRefusedNow(RepairPlan before, RepairPlan now)
    {
        var known = before.Refusals.Select(refusal => (refusal.RefusedAs, refusal.Version)).ToHashSet();
        if (now.Refusals.Any(refusal => !known.Contains((refusal.RefusedAs, refusal.Version))))
        {
            now.ThrowIfRefused();
        }
    }

    static void ThrowIfChanged(RepairPlan now, IReadOnlyList<HistoryChange> agreed)
    {
        foreach (var change in agreed)
        {
            if (!now.Changes.Any(change.IsSameAs))
            {
                throw HistoryChanges.ChangedMeanwhile(change);
            }
        }
    }

    static void Tell(SqlxCompatibilityResult verdict, IMigrationObserver observer) =>
        observer.Report(verdict.Stops ? new WarningRaised($"As history is now, {verdict}.") : new VerboseMessage($"As history is now, {verdict}."));
}
