using VividShift.Migrations.Activity;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Activity;
using VividShift.Migrations.Engine.Backup;
using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Engine.Health;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Engine.History.Repair;
using VividShift.Migrations.Engine.Hooks;
using VividShift.Migrations.Engine.Restore;
using VividShift.Migrations.Engine.Running;
using VividShift.Migrations.Engine.Sandbox;
using VividShift.Migrations.Engine.Seeding;
using VividShift.Migrations.Health;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Repair;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sandbox;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine;

/// <summary>The face that the cmdlets call.</summary>
public sealed class MigrationEngine : IMigrationEngine
{
    readonly SandboxService _sandbox = new();
    readonly ConnectionResolver _resolver;
    readonly HookService _hooks;

    /// <summary>Makes an engine; nothing is read or opened yet.</summary>
    public MigrationEngine()
    {
        _resolver = new ConnectionResolver(_sandbox.ConnectionStringAsync);
        _hooks = new HookService(_resolver);
        Activity = new ActivityService(_resolver);
        Repair = new HistoryService(_resolver);
        Seeds = new SeedService(_resolver, Configuration);
        Restore = new RestoreService(_resolver, Backups);
        Health = new HealthService(_resolver, Backups);
    }

    /// <inheritdoc/>
    public IConfigurationReader Configuration { get; } = new ConfigurationReader();

    /// <inheritdoc/>
    public ISeedService Seeds { get; }

    /// <inheritdoc/>
    public ISandboxService Sandbox => _sandbox;

    /// <inheritdoc/>
    public IRestoreService Restore { get; }

    /// <inheritdoc/>
    public IHookService Hooks => _hooks;

    /// <inheritdoc/>
    public IActivityService Activity { get; }

    /// <inheritdoc/>
    public IHistoryService Repair { get; }

    /// <inheritdoc/>
    public IBackupService Backups => new BackupService(_resolver, Configuration);

    /// <inheritdoc/>
    public IHealthService Health { get; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MigrationStatus>> GetStatusAsync(
        MigrationRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var database = await _resolver.ResolveAsync(request, observer, cancellationToken);
        var context = await EngineBoundary.GuardAsync(
            database.Target,
            () => new PlanContextLoader(database, observer).ReadAsync(missingDatabaseIsEmpty: false, inspect: null, cancellationToken),
            cancellationToken);
        foreach (var finding in context.Catalog.Findings.Concat(context.HistoryFindings))
        {
            observer.Report(new WarningRaised($"{finding.Message} {finding.RecommendedAction}"));
        }

        return StatusReport.Of(context.Catalog, context.History, context.Database);
    }

    /// <inheritdoc/>
    public async Task<MigrationPlan> PlanAsync(
        MigrationRequest request, PlanRequest plan, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var database = await _resolver.ResolveAsync(request, observer, cancellationToken);
        MigrationPlan? made = null;
        var context = await EngineBoundary.GuardAsync(
            database.Target,
            () => new PlanContextLoader(database, observer).ReadAsync(plan.CreateDatabase, JudgeAsync, cancellationToken),
            cancellationToken);
        return made ?? Planner.Plan(context, plan);

        async Task JudgeAsync(Session session, PlanContext read)
        {
            made = Planner.Plan(read, plan);
            var locks = await LockCapacityCheck.JudgeAsync(session, made, cancellationToken);
            var rights = await SqlxHistoryTable.JudgeRightsAsync(session, made, cancellationToken);
            made = made with { Refusals = [.. made.Refusals, .. new[] { rights, locks }.OfType<PlanRefusal>()] };
        }
    }

    /// <inheritdoc/>
    public async Task RunAsync(RunRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var database = await _resolver.ResolveAsync(request.Migrations, observer, cancellationToken);
        var hooks = _hooks.OfMigrations(request, observer);
        await new BackupFirst(Backups, request, observer).RunAsync(
            told => EngineBoundary.GuardAsync(
                database.Target, () => new MigrationRun(database, request, hooks, told).RunAsync(cancellationToken), cancellationToken),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> TestAsync(
        MigrationRequest request, bool rollback, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var test = new MigrationTest(rollback, observer);
        return await _resolver.TryResolveAsync(request, observer, cancellationToken) is { } database
            ? await EngineBoundary.GuardAsync(database.Target, () => test.RunAsync(database, cancellationToken), cancellationToken)
            : test.OfFiles(Configuration.ReadProject(request));
    }
}
