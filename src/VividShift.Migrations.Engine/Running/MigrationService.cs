using VividShift.Migrations.Backup;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Engine.Hooks;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Running;

/// <summary>Status, plans, runs and checks of migrations.</summary>
sealed class MigrationService(OpenDatabase opened, IBackupService backups, HookService hooks) : IMigrationService
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<MigrationStatus>> GetStatusAsync(IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var context = await opened.UseAsync(
            observer,
            database => new PlanContextLoader(database, observer).ReadAsync(missingDatabaseIsEmpty: false, inspect: null, cancellationToken),
            cancellationToken);
        foreach (var finding in context.Catalog.Findings)
        {
            observer.Report(new WarningRaised(finding.Describe()));
        }

        return StatusReport.Of(context.Catalog, context.History, context.Database);
    }

    /// <inheritdoc/>
    public async Task<MigrationPlan> PlanAsync(PlanRequest plan, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        MigrationPlan? made = null;
        var context = await opened.UseAsync(
            observer, database => new PlanContextLoader(database, observer).ReadAsync(plan.CreateDatabase, JudgeAsync, cancellationToken), cancellationToken);
        return (made ?? Planner.Plan(context, plan)) with { MadeBy = opened };

        async Task JudgeAsync(Session session, PlanContext read)
        {
            made = Planner.Plan(read, plan);
            var locks = await LockCapacityCheck.JudgeAsync(session, made, cancellationToken);
            var rights = await HistoryRights.JudgeAsync(session, made, cancellationToken);
            made = made with { Findings = [.. made.Findings, .. new[] { rights, locks }.OfType<Finding>()] };
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<MigrationResult> RunAsync(
        RunRequest request, IMigrationObserver observer, IScriptHost scripts, CancellationToken cancellationToken)
    {
        opened.ThrowUnlessMadeHere(request.Agreed.MadeBy, request.Agreed.Database);
        var runner = new MigrationRunner(
            opened, request, new PreRunBackup(backups, request, observer), hooks.Of(request, observer, scripts), observer);
        return runner.RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> TestAsync(bool rollback, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var test = new MigrationTest(rollback, observer);
        return opened.HasConnection
            ? await opened.UseAsync(observer, database => test.RunAsync(database, cancellationToken), cancellationToken)
            : test.OfFiles(opened.Project);
    }
}
