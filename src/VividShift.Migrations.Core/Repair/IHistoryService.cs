namespace VividShift.Migrations.Repair;

/// <summary>Changes history by hand, as little as it takes and never without saying so.</summary>
public interface IHistoryService
{
    /// <summary>What would be done. Writes nothing. Refusals are part of the plan, not exceptions.</summary>
    Task<RepairPlan> PlanAsync(RepairRequest repair, IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>
    /// Does what was agreed to: takes the lock of runs, judges again, and changes all rows in one transaction or none. Returns the rows as the
    /// server has them now.
    /// </summary>
    /// <param name="plan">The plan that was shown.</param>
    /// <param name="agreed">Those of its changes that were agreed to.</param>
    /// <param name="observer">Is told what happens.</param>
    /// <param name="cancellationToken">Stops, and leaves history as it was.</param>
    /// <exception cref="MigrationException">
    /// LockTimeout; PlanChanged: history is no longer what was shown; PermissionDenied; DatabaseMismatch: the plan was made by another opened
    /// database.
    /// </exception>
    Task<IReadOnlyList<HistoryChange>> ApplyAsync(
        RepairPlan plan, IReadOnlyList<HistoryChange> agreed, IMigrationObserver observer, CancellationToken cancellationToken);
}
