using VividShift.Migrations.Backup;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Running;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine.Restore;

/// <summary>
/// A verified backup before a run of migrations, and what follows from it: each result names it, and when the run fails, so does the error,
/// with the command that restores it.
/// </summary>
sealed class BackupFirst(IBackupService backups, RunRequest request, IMigrationObserver observer)
{
    /// <summary>Makes the backup when one is wanted, then runs.</summary>
    /// <param name="run">Runs the migrations and tells an observer.</param>
    /// <param name="cancellationToken">Stops either.</param>
    /// <exception cref="MigrationException">That of the backup, before anything was written; or that of the run.</exception>
    public async Task RunAsync(Func<IMigrationObserver, Task> run, CancellationToken cancellationToken)
    {
        if (!request.Backup || request.AgreedSteps == 0)
        {
            await run(observer);
            return;
        }

        if (request.Agreed.CreatesDatabase)
        {
            observer.Report(new VerboseMessage($"{request.Agreed.Database} does not exist yet: there is nothing to back up."));
            await run(observer);
            return;
        }

        var wanted = new BackupRequest { Tag = request.Agreed.BackupTag, Verify = true };
        var backup = await backups.BackUpAsync(wanted, observer, cancellationToken);
        observer.Report(new VerboseMessage($"Backed up to {backup.Folder} and verified."));
        try
        {
            await run(new NamingObserver(observer, backup.Folder));
        }
        catch (MigrationException e)
        {
            throw Pointing(e, backup);
        }
    }

    static MigrationException Pointing(MigrationException failure, DatabaseBackup backup)
    {
        var way = $"To bring back what was there before the run: Restore-VsDatabase -Path '{backup.Folder.Replace("'", "''", StringComparison.Ordinal)}'";
        return failure.With(
            recommendedAction: failure.RecommendedAction is null ? way : $"{failure.RecommendedAction}\n{way}",
            target: failure.Target is MigrationResult result ? result with { Backup = backup.Folder } : failure.Target);
    }

    sealed class NamingObserver(IMigrationObserver inner, string folder) : IMigrationObserver
    {
        public bool ReadsSql => inner.ReadsSql;

        public void Report(MigrationEvent migrationEvent) => inner.Report(migrationEvent);

        public Task RunScriptAsync(string path, HookContext context, CancellationToken cancellationToken) =>
            inner.RunScriptAsync(path, context, cancellationToken);

        public Task PublishAsync(SeedResult result, CancellationToken cancellationToken) => inner.PublishAsync(result, cancellationToken);

        public Task PublishAsync(MigrationResult result, CancellationToken cancellationToken) =>
            inner.PublishAsync(result with { Backup = folder }, cancellationToken);
    }
}
