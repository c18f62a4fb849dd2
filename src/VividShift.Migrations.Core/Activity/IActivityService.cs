namespace VividShift.Migrations.Activity;

/// <summary>Sees what the sessions of a server do, and ends them.</summary>
public interface IActivityService
{
    /// <summary>The sessions asked for, blockers before those who wait for them. Writes nothing.</summary>
    Task<IReadOnlyList<DatabaseActivity>> GetAsync(ActivityRequest request, IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>Ends statements or sessions, all at once, and waits until they are gone. One answer for each, in the same order.</summary>
    /// <exception cref="MigrationException">DatabaseMismatch: one of them was seen on another server.</exception>
    Task<IReadOnlyList<StopActivityResult>> StopAsync(
        IReadOnlyList<StopActivityRequest> ends, IMigrationObserver observer, CancellationToken cancellationToken);
}
