using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.Backup;

/// <summary>Backups by PostgreSQL's own pg_dump, with proof that they can be restored.</summary>
public interface IBackupService
{
    /// <summary>Makes a backup. It appears under its name when it is complete and not before.</summary>
    /// <exception cref="MigrationException">BackupFailed, BackupInvalid after a trial, ToolMissing, VersionUnsupported.</exception>
    Task<DatabaseBackup> BackUpAsync(BackupRequest request, IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>What is there. Reads manifests and nothing else; writes nothing.</summary>
    /// <exception cref="MigrationException">PathNotFound, ConfigurationInvalid.</exception>
    Task<BackupListing> ListAsync(BackupSelection selection, CancellationToken cancellationToken);

    /// <summary>What is wrong with a backup; nothing when all is well. A trial restore is recorded in the backup's folder.</summary>
    /// <exception cref="MigrationException">PathNotFound, or what the trial's server answers.</exception>
    Task<IReadOnlyList<Finding>> TestAsync(BackupTestRequest request, IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>Removes a backup's folder, and what killed runs left beside it.</summary>
    /// <exception cref="MigrationException">BackupInvalid: the folder is not a backup.</exception>
    Task RemoveAsync(string folder, IMigrationObserver observer, CancellationToken cancellationToken);
}
