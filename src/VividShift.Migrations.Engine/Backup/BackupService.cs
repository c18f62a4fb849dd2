using VividShift.Migrations.Backup;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Backup.Manifest;
using VividShift.Migrations.Engine.Backup.Verification;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Backup;

/// <summary>Backups as the cmdlets see them, and as other rooms of the engine use them.</summary>
internal sealed class BackupService(OpenDatabase opened) : IBackupService
{
    /// <inheritdoc/>
    public Task<DatabaseBackup> BackUpAsync(BackupRequest request, IMigrationObserver observer, CancellationToken cancellationToken) =>
        opened.UseAsync(observer, database => BackUpAsync(database, request, observer, cancellationToken), cancellationToken);

    async Task<DatabaseBackup> BackUpAsync(
        ResolvedDatabase database, BackupRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var run = new BackupRun(database, request, opened.Configuration.Request.Database.WorkingFolder, observer);
        var backup = await GuardFilesAsync(() => run.RunAsync(cancellationToken), request.Folder ?? opened.Project.BackupFolder);
        if (!request.Verify)
        {
            return backup;
        }

        var (proved, findings) = await new RestoreTest(database, observer).RunAsync(backup, request.Jobs, request.ProgramFolder, cancellationToken);
        return findings.Count == 0
            ? proved
            : throw new MigrationException(
                MigrationErrorCode.BackupInvalid,
                $"The backup '{backup.Folder}' did not pass its trial restore. {findings[0].Message}",
                "Look at the findings, then take a new one.")
            {
                DatabaseState = "The backup is kept and marked as not verified; the database was only read.",
                Findings = findings,
                Target = proved,
            };
    }

    /// <inheritdoc/>
    public Task<BackupListing> ListAsync(BackupSelection selection, CancellationToken cancellationToken) => Task.Run(
        () => BackupCatalog.List(selection, opened.Project.BackupFolder), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> TestAsync(BackupTestRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        DatabaseBackup backup;
        try
        {
            backup = BackupFolder.Read(request.Folder);
        }
        catch (MigrationException e) when (e.Code == MigrationErrorCode.BackupInvalid)
        {
            return [BackupCheck.OfUnreadable(e)];
        }

        var findings = await BackupCheck.RunAsync(backup, Progress, cancellationToken);
        if (findings.Count > 0 || !request.Restore)
        {
            return findings;
        }

        return (await opened.UseAsync(
            observer,
            server => new RestoreTest(server, observer) { AnySortOrder = opened.IsSandbox }.RunAsync(
                backup, request.Jobs, request.ProgramFolder, cancellationToken),
            cancellationToken)).Findings;

        void Progress(int done, int count) => observer.Report(new ProgressChanged(
            $"Testing {backup.Name}", FormattableString.Invariant($"{backup.Manifest.Files[done].Path} ({done + 1} of {count})"), 100 * done / count));
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string folder, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        _ = BackupFolder.Read(folder);
        await BackupStaging.RemoveUnfinishedAsync(Path.GetDirectoryName(folder)!, observer, cancellationToken);
        BackupStaging.Remove(folder);
    }

    /// <summary>A disk that is full or a folder that is closed, said as what it is and not as a broken connection.</summary>
    static async Task<T> GuardFilesAsync<T>(Func<Task<T>> work, string folder)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException && e.InnerException is null && e is not System.Net.Sockets.SocketException))
        {
            throw new MigrationException(
                MigrationErrorCode.BackupFailed,
                $"'{folder}' cannot be written to: {e.Message.TrimEnd('.')}.",
                "Make room or name another folder with -Path.",
                e)
            {
                DatabaseState = BackupStaging.NothingLeft,
                Target = folder,
            };
        }
    }
}
