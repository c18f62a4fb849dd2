using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Backup.Manifest;
using VividShift.Migrations.Restore;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>What is restored.</summary>
/// <param name="Path">The folder of a backup, an archive, or a script.</param>
/// <param name="Kind">Which of them.</param>
/// <param name="Backup">The backup with its manifest; null when there is none.</param>
sealed record RestoreSource(string Path, RestoreSourceKind Kind, DatabaseBackup? Backup)
{
    /// <summary>The file or folder that pg_restore or psql reads.</summary>
    public string Archive => Backup is null ? Path : System.IO.Path.Combine(Path, BackupFolder.Data);
}
