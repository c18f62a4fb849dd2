using VividShift.Migrations.Configuration;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sandbox;

namespace VividShift.Migrations.Engine;

/// <summary>The face that the cmdlets call.</summary>
public sealed class MigrationEngine : IMigrationEngine
{
    /// <inheritdoc/>
    public IConfigurationReader Configuration => throw new InvalidOperationException();

    /// <inheritdoc/>
    public ISandboxControl Sandbox => throw new InvalidOperationException();

    /// <inheritdoc/>
    public Task<IReadOnlyList<MigrationStatus>> GetStatusAsync(MigrationRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
        => throw new InvalidOperationException();

    /// <inheritdoc/>
    public Task<MigrationPlan> PlanAsync(MigrationRequest request, PlanRequest plan, IMigrationObserver observer, CancellationToken cancellationToken)
        => throw new InvalidOperationException();

    /// <inheritdoc/>
    public Task RunAsync(RunRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
        => throw new InvalidOperationException();

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> TestAsync(MigrationRequest request, bool rollback, IMigrationObserver observer, CancellationToken cancellationToken)
        => throw new InvalidOperationException();
}
