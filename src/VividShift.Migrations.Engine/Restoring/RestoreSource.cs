using VividShift.Migrations.Backups;
using VividShift.Migrations.Engine.Backups;
using VividShift.Migrations.Restoring;

namespace VividShift.Migrations.Engine.Restoring;

/// <summary>What is restored.</summary>
/// <param name="Path">The folder of a backup, an archive, or a script.</param>
/// <param name="Kind">Which of them.</param>
/// <param name="Backup">The backup with its manifest; null when there is none.</param>
sealed record RestoreSource(string Path, RestoreSourceKind Kind, DatabaseBackup? Backup)
{
    /// <summary>The file or folder that pg_restore or psql reads.</summary>
    public string Archive => Backup is null ? Path : System.IO.Path.Combine(Path, BackupFolder.Data);
}
