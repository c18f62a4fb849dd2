using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations;

/// <summary>Status, plans, runs and checks of migrations.</summary>
public interface IMigrationService
{
    /// <summary>Files joined with history. Writes nothing.</summary>
    Task<IReadOnlyList<MigrationStatus>> GetStatusAsync(IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>What a run would do. Writes nothing. Refusals are part of the plan, not exceptions.</summary>
    Task<MigrationPlan> PlanAsync(PlanRequest plan, IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>Runs what was agreed to; results go to the observer as they become durable.</summary>
    /// <exception cref="MigrationException">DatabaseMismatch: the plan was made by another opened database.</exception>
    Task RunAsync(RunRequest request, IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>
    /// Findings about names, history, checksums, order, down scripts and syntax; about the files alone when no connection is configured. Writes
    /// nothing.
    /// </summary>
    Task<IReadOnlyList<Finding>> TestAsync(bool rollback, IMigrationObserver observer, CancellationToken cancellationToken);
}
