namespace VividShift.Migrations.Seeding;

/// <summary>Puts data into a database from files, again and again with the same result.</summary>
public interface ISeedService
{
    /// <summary>The files, in the order in which they run. Does not connect.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, PathNotFound.</exception>
    IReadOnlyList<SeedFile> List(SeedRequest request);

    /// <summary>
    /// What seeding would do. Writes nothing. Refusals are part of the plan, not exceptions: PathNotFound, SeedFailed (a file that cannot be
    /// used), PermissionDenied.
    /// </summary>
    /// <exception cref="MigrationException">EnvironmentProtected, or what connecting raises.</exception>
    Task<SeedPlan> PlanAsync(SeedRequest request, IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>Runs what was agreed to, each file as one transaction. Each result comes as soon as it is durable.</summary>
    /// <param name="plan">What was planned.</param>
    /// <param name="agreed">The steps that were agreed to.</param>
    /// <param name="observer">Who is told.</param>
    /// <param name="cancellationToken">Ends it; the file at hand is rolled back.</param>
    /// <exception cref="MigrationException">SeedFailed with file and line, PlanChanged, LockTimeout, PermissionDenied, DatabaseMismatch.</exception>
    IAsyncEnumerable<SeedResult> RunAsync(
        SeedPlan plan, IReadOnlyList<SeedStep> agreed, IMigrationObserver observer, CancellationToken cancellationToken);
}
