using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Engine.Running;
using VividShift.Migrations.Repair;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.History.Repair;

/// <summary>Judges in a session that cannot write; changes under the lock of runs, after judging again.</summary>
sealed class HistoryService(ConnectionResolver resolver) : IHistoryService
{
    public async Task<RepairPlan> PlanAsync(
        MigrationRequest request, RepairRequest repair, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var database = await resolver.ResolveAsync(request, observer, cancellationToken);
        var context = await EngineBoundary.GuardAsync(
            database.Target,
            () => new PlanContextLoader(database, observer).ReadAsync(missingDatabaseIsEmpty: false, inspect: null, cancellationToken),
            cancellationToken);
        var plan = RepairPlanner.Plan(context, repair);
        observer.Report(new VerboseMessage($"As history is, {plan.VerdictAfter([])}."));
        return plan;
    }

    public async Task<IReadOnlyList<HistoryChange>> ApplyAsync(
        MigrationRequest request,
        RepairPlan plan,
        IReadOnlyList<HistoryChange> agreed,
        IMigrationObserver observer,
        CancellationToken cancellationToken)
    {
        var database = await resolver.ResolveAsync(request, observer, cancellationToken);
        return await EngineBoundary.GuardAsync(
            database.Target,
            async () =>
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
        var known = before.Refusals.Select(refusal => (refusal.Code, refusal.Version)).ToHashSet();
        if (now.Refusals.Any(refusal => !known.Contains((refusal.Code, refusal.Version))))
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
