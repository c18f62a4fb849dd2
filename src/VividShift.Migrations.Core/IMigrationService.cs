using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Hooks;
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

    /// <summary>
    /// Runs what was agreed to. Each result comes as soon as it is durable, and the run goes on when the next one is asked for; whoever asks for no
    /// more stops it.
    /// </summary>
    /// <param name="request">What was agreed to.</param>
    /// <param name="observer">Who is told.</param>
    /// <param name="scripts">Runs the scripts of hooks.</param>
    /// <param name="cancellationToken">Stops the run; the migration at hand is rolled back. Hooks for failure still run, for a limited time.</param>
    /// <exception cref="MigrationException">What failed; DatabaseMismatch: the plan was made by another opened database.</exception>
    IAsyncEnumerable<MigrationResult> RunAsync(
        RunRequest request, IMigrationObserver observer, IScriptHost scripts, CancellationToken cancellationToken);

    /// <summary>
    /// Findings about names, history, checksums, order, down scripts and syntax; about the files alone when no connection is configured. Writes
    /// nothing.
    /// </summary>
    Task<IReadOnlyList<Finding>> TestAsync(bool rollback, IMigrationObserver observer, CancellationToken cancellationToken);
}
