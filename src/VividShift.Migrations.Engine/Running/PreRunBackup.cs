using VividShift.Migrations.Backup;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Running;

/// <summary>
/// A verified backup before a run of migrations, and what follows from it: each result names it, and when the run fails, so does the error, with
/// the command that restores it.
/// </summary>
sealed class PreRunBackup(IBackupService backups, RunRequest request, IMigrationObserver observer)
{
    /// <summary>Its folder; null when there is none.</summary>
    public string? Folder { get; private set; }

    /// <summary>Makes it when one is wanted.</summary>
    /// <exception cref="MigrationException">That of the backup; nothing was written yet.</exception>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        if (!request.Backup)
        {
            return;
        }

        if (request.Agreed.CreatesDatabase)
        {
            observer.Report(new VerboseMessage($"{request.Agreed.Database} does not exist yet: there is nothing to back up."));
            return;
        }

        var backup = await backups.BackUpAsync(new() { Tag = request.Agreed.BackupTag, Verify = true }, observer, cancellationToken);
        observer.Report(new VerboseMessage($"Backed up to {backup.Folder} and verified."));
        Folder = backup.Folder;
    }

    /// <summary>The failure of a run, with the way back.</summary>
    public Exception PointTo(Exception failure)
    {
        if (Folder is null || failure is not MigrationException known)
        {
            return failure;
        }

        var way = $"To bring back what was there before the run: Restore-VsDatabase -Path '{Folder.Replace("'", "''", StringComparison.Ordinal)}'";
        return known.With(
            recommendedAction: known.RecommendedAction is null ? way : $"{known.RecommendedAction}\n{way}",
            target: known.Target is MigrationResult result ? result with { Backup = Folder } : known.Target);
    }
}
