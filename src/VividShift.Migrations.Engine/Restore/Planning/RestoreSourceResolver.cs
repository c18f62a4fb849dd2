using VividShift.Migrations.Backup;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Backup.Manifest;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>Finds what is to be restored, and tells by its content what it is.</summary>
sealed class RestoreSourceResolver(OpenDatabase target, IBackupService backups, IMigrationObserver observer)
{
    /// <summary>The folder or file that was named, else the newest backup of the database.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="source">Whose backups are looked through; null: the target's.</param>
    /// <param name="connection">Where the target's connection comes from.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <exception cref="MigrationException">BackupMissing, BackupInvalid, PathNotFound; ConfigurationInvalid: the target is the source's own database.</exception>
    public async Task<RestoreSource> FindAsync(RestoreRequest request, IDatabase? source, string connection, CancellationToken cancellationToken)
    {
        // A variable goes before what the configuration says of an environment; then the name of one would lead into the other.
        if (source is not null && source.Project.Environment != target.Project.Environment && source.Target == target.Target)
        {
            throw SameDatabase(connection);
        }

        if (request.Path is { } path)
        {
            return await OfAsync(path, cancellationToken);
        }

        return source is null
            ? await NewestAsync(backups, target.Target!, target.Project.BackupFolder, request.Tag, cancellationToken)
            : await NewestAsync(
                source.Backups, source.Target ?? throw NoDatabase(source.Project.Environment), source.Project.BackupFolder, request.Tag, cancellationToken);
    }

    /// <summary>What a folder or file is.</summary>
    /// <exception cref="MigrationException">PathNotFound or BackupInvalid.</exception>
    public async Task<RestoreSource> OfAsync(string path, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            if (File.Exists(Path.Combine(path, "toc.dat")))
            {
                return new(path, RestoreSourceKind.Archive, null);
            }

            var listing = await backups.ListAsync(new() { Folders = [path] }, cancellationToken);
            var found = listing.Backups.FirstOrDefault(backup => string.Equals(Path.TrimEndingDirectorySeparator(path), backup.Folder, StringComparison.Ordinal));
            return found is not null
                ? new(found.Folder, RestoreSourceKind.Backup, found)
                : throw (listing.Damaged.Count > 0 ? listing.Damaged[0] : NotABackup(path));
        }

        if (!File.Exists(path))
        {
            throw new MigrationException(
                MigrationErrorCode.PathNotFound,
                $"There is no '{path}'.",
                "Name a backup's folder, an archive or a script; Get-VsBackup lists the backups there are.")
            {
                Target = path,
            };
        }

        return new(path, await IsArchiveAsync(path, cancellationToken) ? RestoreSourceKind.Archive : RestoreSourceKind.Script, null);
    }

    async Task<RestoreSource> NewestAsync(
        IBackupService shelf, DatabaseTarget database, string folder, string? tag, CancellationToken cancellationToken)
    {
        var listing = await shelf.ListAsync(new() { Tag = tag }, cancellationToken);
        foreach (var damaged in listing.Damaged)
        {
            observer.Report(new WarningRaised(damaged.Message));
        }

        var newest = listing.Backups
            .Where(backup => backup.Database.Database == database.Database && backup.Content == BackupContent.All)
            .MaxBy(backup => backup.TakenAt);
        if (newest is not null)
        {
            return new(newest.Folder, RestoreSourceKind.Backup, newest);
        }

        var tagged = tag is null ? string.Empty : $" with the tag {tag}";
        throw new MigrationException(
            MigrationErrorCode.BackupMissing,
            $"{folder} holds no whole backup of the database {database.Database}{tagged}.",
            "See with Get-VsBackup what there is, and name one with -Path.")
        {
            Target = folder,
        };
    }

    static async Task<bool> IsArchiveAsync(string path, CancellationToken cancellationToken)
    {
        var start = new byte[5];
        await using var file = File.OpenRead(path);
        var read = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        return start.AsSpan(0, read).SequenceEqual("PGDMP"u8);
    }

    static MigrationException NotABackup(string path) => new(
        MigrationErrorCode.BackupInvalid,
        $"'{path}' is not the folder of a backup.",
        "Name the folder of one backup, as Get-VsBackup shows it.")
    {
        Target = path,
    };

    MigrationException SameDatabase(string connection) => new(
        MigrationErrorCode.ConfigurationInvalid,
        $"-TargetEnvironment {target.Project.Environment} leads to {target.Target}, as without it: the connection comes from {connection}.",
        "Write its connection into the environment's own configuration file, and clear the variable that goes before it.")
    {
        Target = target.Target,
    };

    static MigrationException NoDatabase(string environment) => new(
        MigrationErrorCode.ConfigurationInvalid,
        $"No database is configured for the environment '{environment}', so there is none to look for the newest backup of.",
        "Name the backup with -Path.")
    {
        Target = environment,
    };
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
