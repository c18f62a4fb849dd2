using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Restore;

/// <summary>Brings databases back from backups.</summary>
public interface IRestoreService
{
    /// <summary>
    /// Checks everything that can be checked beforehand. Writes nothing. Refusals are part of the plan, not exceptions: BackupInvalid,
    /// VersionUnsupported, ToolMissing, PermissionDenied, ReadOnlyServer, DiskTooSmall, DatabaseInUse, TargetInvalid.
    /// </summary>
    /// <param name="request">What is restored, and how.</param>
    /// <param name="source">Whose backups are looked through; null: those of the database that is restored to.</param>
    /// <param name="observer">Is told what happens.</param>
    /// <param name="cancellationToken">Stops the checks.</param>
    /// <exception cref="MigrationException">BackupMissing, PathNotFound, BackupInvalid: there is nothing to plan with.</exception>
    Task<RestorePlan> PlanAsync(RestoreRequest request, IDatabase? source, IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>Restores into a new database beside the old one, verifies it and swaps the two.</summary>
    /// <exception cref="MigrationException">RestoreFailed, DatabaseInUse; the old database is as it was. DatabaseMismatch: another's plan.</exception>
    Task<RestoreResult> RunAsync(RestorePlan plan, IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>Sets the down scripts of a plan against restoring the newest backup from before them. Writes nothing.</summary>
    Task<RollbackComparison> CompareAsync(MigrationPlan plan, IMigrationObserver observer, CancellationToken cancellationToken);
}
