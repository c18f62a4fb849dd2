using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Restore.Planning;
using VividShift.Migrations.Engine.Restore.Rollback;
using VividShift.Migrations.Engine.Restore.Running;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Restore;

/// <summary>Brings databases back; see <see cref="RestorePlanner"/> for what is checked and <see cref="RestoreRun"/> for what is done.</summary>
sealed class RestoreService(OpenDatabase opened, IBackupService backups) : IRestoreService
{
    public Task<RestorePlan> PlanAsync(
        RestoreRequest request, IDatabase? source, IMigrationObserver observer, CancellationToken cancellationToken) => opened.UseAsync(
            observer,
            async target =>
            {
                var found = await new RestoreSourceResolver(opened, backups, observer).FindAsync(request, source, target.Source, cancellationToken);
                var plan = await new RestorePlanner(target, request, found, backups, observer).PlanAsync(cancellationToken);
                return plan with { MadeBy = opened };
            },
            cancellationToken,
            request.TargetDatabase);

    public Task<RestoreResult> RunAsync(RestorePlan plan, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        opened.ThrowUnlessMadeHere(plan.MadeBy, plan.Database);
        plan.ThrowIfRefused();
        return opened.UseAsync(
            observer,
            async target =>
            {
                var source = await new RestoreSourceResolver(opened, backups, observer).OfAsync(plan.Path, cancellationToken);
                return await new RestoreRun(target, plan, source, observer).RunAsync(cancellationToken);
            },
            cancellationToken,
            plan.Request.TargetDatabase);
    }

    public Task<RollbackComparison> CompareAsync(MigrationPlan plan, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        opened.ThrowUnlessMadeHere(plan.MadeBy, plan.Database);
        return opened.UseAsync(
            observer,
            async database =>
            {
                var listing = await backups.ListAsync(new(), cancellationToken);
                foreach (var damaged in listing.Damaged)
                {
                    observer.Report(new WarningRaised(damaged.Message));
                }

                return await new RollbackComparer(database, plan, observer).CompareAsync(listing.Backups, cancellationToken);
            },
            cancellationToken);
    }
}
