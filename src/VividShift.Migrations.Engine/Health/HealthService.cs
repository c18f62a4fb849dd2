using VividShift.Migrations.Backup;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Engine.Health.Overview;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health;

/// <summary>Looks at databases; writes nothing.</summary>
sealed class HealthService(ConnectionResolver resolver, IBackupService backups) : IHealthService
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> TestAsync(HealthRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var database = await resolver.ResolveAsync(request.Migrations, observer, cancellationToken);
        return await EngineBoundary.GuardAsync(
            database.Target, () => new HealthRun(database, request, observer).RunAsync(cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<DatabaseOverview> DescribeAsync(
        MigrationRequest request, bool detailed, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var database = await resolver.ResolveAsync(request, observer, cancellationToken);
        var overview = await EngineBoundary.GuardAsync(
            database.Target, () => new OverviewReader(database, observer).ReadAsync(detailed, cancellationToken), cancellationToken);
        return overview with { LastBackup = await LastBackupAsync(database, request.Database, cancellationToken) };
    }

    /// <summary>The role that took it does not matter, the place does: a staging database of the same name has backups of its own.</summary>
    async Task<DatabaseBackup?> LastBackupAsync(ResolvedDatabase database, DatabaseRequest request, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(database.Project.BackupFolder))
        {
            return null;
        }

        var listing = await backups.ListAsync(new() { Database = request }, cancellationToken);
        return listing.Backups.FirstOrDefault(b => b.Database with { UserName = null } == database.Target with { UserName = null });
    }
}
