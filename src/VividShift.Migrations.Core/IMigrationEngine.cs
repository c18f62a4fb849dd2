using VividShift.Migrations.Activity;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Repair;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sandbox;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations;

/// <summary>
/// The engine as the cmdlets see it. Implemented behind the wall; everything that crosses is a type of this assembly or of the
/// framework.
/// </summary>
public interface IMigrationEngine
{
    /// <summary>What is configured.</summary>
    IConfigurationReader Configuration { get; }

    /// <summary>Data from files.</summary>
    ISeedService Seeds { get; }

    /// <summary>Private servers.</summary>
    ISandboxService Sandbox { get; }

    /// <summary>Hooks around runs.</summary>
    IHookService Hooks { get; }

    /// <summary>What the server's sessions do.</summary>
    IActivityService Activity { get; }

    /// <summary>Changes history by hand.</summary>
    IHistoryService Repair { get; }

    /// <summary>Backups.</summary>
    IBackupService Backups { get; }

    /// <summary>Restores and what they would cost.</summary>
    IRestoreService Restore { get; }

    /// <summary>The health of databases.</summary>
    IHealthService Health { get; }

    /// <summary>Files joined with history. Writes nothing.</summary>
    Task<IReadOnlyList<MigrationStatus>> GetStatusAsync(MigrationRequest request, IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>What a run would do. Writes nothing. Refusals are part of the plan, not exceptions.</summary>
    Task<MigrationPlan> PlanAsync(MigrationRequest request, PlanRequest plan, IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>Runs what was agreed to; results go to the observer as they become durable.</summary>
    Task RunAsync(RunRequest request, IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>Findings about names, history, checksums, order, down scripts and syntax. Writes nothing.</summary>
    Task<IReadOnlyList<Finding>> TestAsync(MigrationRequest request, bool rollback, IMigrationObserver observer, CancellationToken cancellationToken);
}
