using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Health.Overview;
using VividShift.Migrations.Health;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Health;

/// <summary>Looks at databases; writes nothing.</summary>
sealed class HealthControl(ConnectionResolver resolver) : IHealthControl
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> TestAsync(HealthRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var database = await resolver.ResolveAsync(request.Migrations, observer, cancellationToken);
        return await EngineBoundary.GuardAsync(
            database.Target, () => new HealthRun(database, request, observer).RunAsync(cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<DatabaseOverview> DescribeAsync(
        MigrationRequest request, bool detailed, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var database = await resolver.ResolveAsync(request, observer, cancellationToken);
        return await EngineBoundary.GuardAsync(
            database.Target, () => new OverviewReader(database, observer).ReadAsync(detailed, cancellationToken), cancellationToken);
    }
}
