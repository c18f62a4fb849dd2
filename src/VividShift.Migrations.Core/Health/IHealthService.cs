using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.Health;

/// <summary>Looks at the health of a database. Writes nothing: the server itself refuses every write of these sessions.</summary>
public interface IHealthService
{
    /// <summary>What is wrong or in danger, worst first; nothing when all is well. A check that cannot be finished says so in a finding.</summary>
    /// <exception cref="MigrationException">The database cannot be reached, or a named folder of checks does not exist.</exception>
    Task<IReadOnlyList<Finding>> TestAsync(HealthRequest request, IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>The state at a glance.</summary>
    /// <param name="detailed">Also all the large tables and indexes and the settings that were changed.</param>
    /// <param name="observer">Is told what happens.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="MigrationException">The database cannot be reached.</exception>
    Task<DatabaseOverview> DescribeAsync(bool detailed, IMigrationObserver observer, CancellationToken cancellationToken);
}
