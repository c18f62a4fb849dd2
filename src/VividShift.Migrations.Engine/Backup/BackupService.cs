using VividShift.Migrations.Backup;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Backup.Manifest;
using VividShift.Migrations.Engine.Backup.Verification;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Backup;

/// <summary>Backups as the cmdlets see them, and as other rooms of the engine use them.</summary>
internal sealed class BackupService(ConnectionResolver resolver, IConfigurationReader configuration) : IBackupService
{
    /// <inheritdoc/>
    public async Task<DatabaseBackup> BackUpAsync(BackupRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var database = await resolver.ResolveAsync(request.Database, observer, cancellationToken);
        return await BackUpAsync(database, request, observer, cancellationToken);
    }

    /// <summary>The same for a database that is resolved already; what the request says of the connection is not looked at.</summary>
    /// <exception cref="MigrationException">BackupFailed; BackupInvalid when the trial failed, and the backup is there, marked so.</exception>
    public static async Task<DatabaseBackup> BackUpAsync(
        ResolvedDatabase database, BackupRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var backup = await EngineBoundary.GuardAsync(
            database.Target,
            () => GuardFilesAsync(() => new BackupRun(database, request, request.Database.WorkingFolder, observer).RunAsync(cancellationToken), request.Folder ?? database.Project.BackupFolder),
            cancellationToken);
        if (!request.Verify)
        {
            return backup;
        }

        var (proved, findings) = await EngineBoundary.GuardAsync(
            database.Target,
            () => new RestoreTest(database, observer).RunAsync(backup, request.Jobs, request.ProgramFolder, cancellationToken),
            cancellationToken);
        return findings.Count == 0
            ? proved
            : throw new MigrationException(
                MigrationErrorCode.BackupInvalid,
                $"The backup '{backup.Folder}' did not pass its trial restore. {findings[0].Message} It is kept and marked so; the database was only read. "
                + "Look at the findings, then take a new one.")
            {
                RecommendedAction = "Look at the findings, then take a new one.",
                DatabaseState = "The backup is kept and marked as not verified; the database was only read.",
                Findings = findings,
                Target = proved,
            };
    }

    /// <inheritdoc/>
    public Task<BackupListing> ListAsync(BackupSelection selection, CancellationToken cancellationToken) => Task.Run(
        () => BackupCatalog.List(selection, configuration.ReadProject(new MigrationRequest { Database = selection.Database }).BackupFolder), cancellationToken);

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

        var server = await resolver.ResolveAsync(request.Database, observer, cancellationToken);
        var trial = new RestoreTest(server, observer) { AnySortOrder = request.Database.Sandbox };
        return (await EngineBoundary.GuardAsync(
            server.Target, () => trial.RunAsync(backup, request.Jobs, request.ProgramFolder, cancellationToken), cancellationToken)).Findings;

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
            throw BackupFailure.Failed($"'{folder}' cannot be written to: {e.Message.TrimEnd('.')}.", "Make room or name another folder with -Path.", folder, e);
        }
    }
}
