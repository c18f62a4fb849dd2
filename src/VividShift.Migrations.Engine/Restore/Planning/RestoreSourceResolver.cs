using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Backup.Manifest;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>Finds what is to be restored, and tells by its content what it is.</summary>
sealed class RestoreSourceResolver(ConnectionResolver resolver, IBackupService backups, IMigrationObserver observer)
{
    /// <summary>The folder or file that was named, else the newest backup of the database.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="target">The database of the target's environment, before it is given another name.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <exception cref="MigrationException">BackupMissing, BackupInvalid, PathNotFound; ConfigurationInvalid: the target is the source's own database.</exception>
    public async Task<RestoreSource> FindAsync(RestoreRequest request, ResolvedDatabase target, CancellationToken cancellationToken)
    {
        if (request.Path is { } path && request.TargetEnvironment is null)
        {
            return await OfAsync(path, request, cancellationToken);
        }

        var origin = request.TargetEnvironment is null ? target : await resolver.ResolveAsync(request.Source, observer, cancellationToken);
        // A variable goes before what the configuration says of an environment; then the name of one would lead into the other.
        if (origin.Project.Environment != target.Project.Environment && origin.Target == target.Target)
        {
            throw SameDatabase(request.TargetEnvironment!, target);
        }

        return request.Path is { } named
            ? await OfAsync(named, request, cancellationToken)
            : await NewestAsync(request, origin, cancellationToken);
    }

    /// <summary>What a folder or file is.</summary>
    /// <exception cref="MigrationException">PathNotFound or BackupInvalid.</exception>
    public async Task<RestoreSource> OfAsync(string path, RestoreRequest request, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            if (File.Exists(Path.Combine(path, "toc.dat")))
            {
                return new(path, RestoreSourceKind.Archive, null);
            }

            var listing = await backups.ListAsync(new() { Database = request.Source, Folders = [path] }, cancellationToken);
            var found = listing.Backups.FirstOrDefault(backup => string.Equals(Path.TrimEndingDirectorySeparator(path), backup.Folder, StringComparison.Ordinal));
            return found is not null
                ? new(found.Folder, RestoreSourceKind.Backup, found)
                : throw (listing.Damaged.Count > 0 ? listing.Damaged[0] : NotABackup(path));
        }

        if (!File.Exists(path))
        {
            const string RecommendedAction = "Name a backup's folder, an archive or a script; Get-VsBackup lists the backups there are.";
            throw new MigrationException(MigrationErrorCode.PathNotFound, $"There is no '{path}'. Nothing was changed. {RecommendedAction}")
            {
                RecommendedAction = RecommendedAction,
                Target = path,
            };
        }

        return new(path, await IsArchiveAsync(path, cancellationToken) ? RestoreSourceKind.Archive : RestoreSourceKind.Script, null);
    }

    async Task<RestoreSource> NewestAsync(RestoreRequest request, ResolvedDatabase origin, CancellationToken cancellationToken)
    {
        var listing = await backups.ListAsync(new() { Database = request.Source, Tag = request.Tag }, cancellationToken);
        foreach (var damaged in listing.Damaged)
        {
            observer.Report(new WarningRaised(damaged.Message));
        }

        var newest = listing.Backups
            .Where(backup => backup.Database.Database == origin.Target.Database && backup.Content == BackupContent.All)
            .MaxBy(backup => backup.TakenAt);
        if (newest is not null)
        {
            return new(newest.Folder, RestoreSourceKind.Backup, newest);
        }

        const string RecommendedAction = "See with Get-VsBackup what there is, and name one with -Path.";
        var tag = request.Tag is null ? string.Empty : $" with the tag {request.Tag}";
        throw new MigrationException(
            MigrationErrorCode.BackupMissing,
            $"{origin.Project.BackupFolder} holds no whole backup of the database {origin.Target.Database}{tag}. Nothing was changed. {RecommendedAction}")
        {
            RecommendedAction = RecommendedAction,
            Target = origin.Project.BackupFolder,
        };
    }

    static async Task<bool> IsArchiveAsync(string path, CancellationToken cancellationToken)
    {
        var start = new byte[5];
        await using var file = File.OpenRead(path);
        var read = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        return start.AsSpan(0, read).SequenceEqual("PGDMP"u8);
    }

    static MigrationException NotABackup(string path)
    {
        const string RecommendedAction = "Name the folder of one backup, as Get-VsBackup shows it.";
        return new(MigrationErrorCode.BackupInvalid, $"'{path}' is not the folder of a backup. Nothing was changed. {RecommendedAction}") { RecommendedAction = RecommendedAction, Target = path };
    }

    static MigrationException SameDatabase(string environment, ResolvedDatabase target)
    {
        const string RecommendedAction = "Write its connection into the environment's own configuration file, and clear the variable that goes before it.";
        return new(
            MigrationErrorCode.ConfigurationInvalid,
            $"-TargetEnvironment {environment} leads to {target.Target}, as without it: the connection comes from {target.Source}. Nothing was changed. {RecommendedAction}")
        {
            RecommendedAction = RecommendedAction,
            Target = target.Target,
        };
    }
}

/// <summary>What is restored.</summary>
/// <param name="Path">The folder of a backup, an archive, or a script.</param>
/// <param name="Kind">Which of them.</param>
/// <param name="Backup">The backup with its manifest; null when there is none.</param>
sealed record RestoreSource(string Path, RestoreSourceKind Kind, DatabaseBackup? Backup)
{
    /// <summary>The file or folder that pg_restore or psql reads.</summary>
    public string Archive => Backup is null ? Path : System.IO.Path.Combine(Path, BackupFolder.Data);
}
