using VividShift.Migrations.Activity;
using VividShift.Migrations.Backups;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Engine.Activity;
using VividShift.Migrations.Engine.Backups;
using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Health;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Engine.Hooks;
using VividShift.Migrations.Engine.Repair;
using VividShift.Migrations.Engine.Restoring;
using VividShift.Migrations.Engine.Running;
using VividShift.Migrations.Engine.Sandbox;
using VividShift.Migrations.Engine.Seeding;
using VividShift.Migrations.Health;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Repair;
using VividShift.Migrations.Restoring;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sandbox;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine;

/// <summary>The face that the cmdlets call.</summary>
public sealed class MigrationEngine : IMigrationEngine
{
    readonly SandboxControl _sandbox = new();
    readonly ConnectionResolver _resolver;
    readonly HookControl _hooks;

    /// <summary>Makes an engine; nothing is read or opened yet.</summary>
    public MigrationEngine()
    {
        _resolver = new ConnectionResolver(_sandbox.ConnectionStringAsync);
        _hooks = new HookControl(_resolver);
        Activity = new ActivityControl(_resolver);
        Repair = new HistoryRepair(_resolver);
        Seeds = new SeedControl(_resolver, Configuration);
        Restore = new RestoreControl(_resolver, Backups);
        Health = new HealthControl(_resolver, Backups);
    }

    /// <inheritdoc/>
    public IConfigurationReader Configuration { get; } = new ConfigurationReader();

    /// <inheritdoc/>
    public ISeedControl Seeds { get; }

    /// <inheritdoc/>
    public ISandboxControl Sandbox => _sandbox;

    /// <inheritdoc/>
    public IRestoreControl Restore { get; }

    /// <inheritdoc/>
    public IHookControl Hooks => _hooks;

    /// <inheritdoc/>
    public IActivityControl Activity { get; }

    /// <inheritdoc/>
    public IHistoryRepair Repair { get; }

    /// <inheritdoc/>
    public IBackupControl Backups => new DatabaseBackups(_resolver, Configuration);

    /// <inheritdoc/>
    public IHealthControl Health { get; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MigrationStatus>> GetStatusAsync(
        MigrationRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var database = await _resolver.ResolveAsync(request, observer, cancellationToken);
        var context = await EngineBoundary.GuardAsync(
            database.Target,
            () => new ContextReader(database, observer).ReadAsync(missingDatabaseIsEmpty: false, inspect: null, cancellationToken),
            cancellationToken);
        foreach (var finding in context.Catalog.Findings)
        {
            observer.Report(new CautionRaised($"{finding.Message} {finding.Advice}"));
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
            () => new ContextReader(database, observer).ReadAsync(plan.CreateDatabase, JudgeAsync, cancellationToken),
            cancellationToken);
        return made ?? Planner.Plan(context, plan);

        async Task JudgeAsync(Session session, PlanContext read)
        {
            made = Planner.Plan(read, plan);
            var locks = await LockBudget.JudgeAsync(session, made, cancellationToken);
            var rights = await HistoryRights.JudgeAsync(session, made, cancellationToken);
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
