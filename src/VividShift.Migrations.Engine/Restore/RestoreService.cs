using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Engine.Restore.Planning;
using VividShift.Migrations.Engine.Restore.Rollback;
using VividShift.Migrations.Engine.Restore.Running;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Restore;

/// <summary>Brings databases back; see <see cref="RestorePlanner"/> for what is checked and <see cref="RestoreRun"/> for what is done.</summary>
sealed class RestoreService(ConnectionResolver resolver, IBackupService backups) : IRestoreService
{
    public async Task<RestorePlan> PlanAsync(RestoreRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var place = await resolver.ResolveAsync(request.Target, observer, cancellationToken);
        var source = await new RestoreSourceResolver(resolver, backups, observer).FindAsync(request, place, cancellationToken);
        var target = Named(place, request);
        return await EngineBoundary.GuardAsync(
            target.Target, () => new RestorePlanner(target, request, source, backups, observer).PlanAsync(cancellationToken), cancellationToken);
    }

    public async Task<RestoreResult> RunAsync(RestorePlan plan, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        plan.ThrowIfRefused();
        var target = Named(await resolver.ResolveAsync(plan.Request.Target, observer, cancellationToken), plan.Request);
        var source = await new RestoreSourceResolver(resolver, backups, observer).OfAsync(plan.Path, plan.Request, cancellationToken);
        return await EngineBoundary.GuardAsync(
            target.Target, () => new RestoreRun(target, plan, source, observer).RunAsync(cancellationToken), cancellationToken);
    }

    public async Task<RollbackComparison> CompareAsync(
        MigrationRequest request, MigrationPlan plan, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var database = await resolver.ResolveAsync(request, observer, cancellationToken);
        var listing = Directory.Exists(database.Project.BackupFolder)
            ? await backups.ListAsync(new() { Database = request.Database }, cancellationToken)
            : new([], []);
        foreach (var damaged in listing.Damaged)
        {
            observer.Report(new WarningRaised(damaged.Message));
        }

        return await EngineBoundary.GuardAsync(
            database.Target, () => new RollbackComparer(database, plan, observer).CompareAsync(listing.Backups, cancellationToken), cancellationToken);
    }

    static ResolvedDatabase Named(ResolvedDatabase place, RestoreRequest request) =>
        request.TargetDatabase is { } name ? place.On(name) : place;
}
