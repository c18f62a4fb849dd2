using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Restore;

/// <summary>Brings databases back from backups.</summary>
public interface IRestoreService
{
    /// <summary>Checks everything that can be checked beforehand. Writes nothing.</summary>
    /// <exception cref="MigrationException">
    /// BackupMissing, BackupInvalid, VersionUnsupported, ToolMissing, PermissionDenied, DiskTooSmall, DatabaseInUse, TargetInvalid, PathNotFound.
    /// </exception>
    Task<RestorePlan> PlanAsync(RestoreRequest request, IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>Restores into a new database beside the old one, verifies it and swaps the two.</summary>
    /// <exception cref="MigrationException">RestoreFailed, DatabaseInUse; the old database is as it was.</exception>
    Task<RestoreResult> RunAsync(RestorePlan plan, IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>Sets the down scripts of a plan against restoring the newest backup from before them. Writes nothing.</summary>
    Task<RollbackComparison> CompareAsync(MigrationRequest request, MigrationPlan plan, IMigrationObserver observer, CancellationToken cancellationToken);
}
