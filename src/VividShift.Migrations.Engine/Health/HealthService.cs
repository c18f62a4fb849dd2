using VividShift.Migrations.Backup;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Health.Overview;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health;

/// <summary>Looks at databases; writes nothing.</summary>
sealed class HealthService(OpenDatabase opened, IBackupService backups) : IHealthService
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> TestAsync(HealthRequest request, IMigrationObserver observer, CancellationToken cancellationToken) =>
        opened.UseAsync(observer, database => new HealthRun(database, request, observer).RunAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<DatabaseOverview> DescribeAsync(bool detailed, IMigrationObserver observer, CancellationToken cancellationToken) =>
        opened.UseAsync(
            observer,
            async database => await new OverviewReader(database, observer).ReadAsync(detailed, cancellationToken) with
            {
                LastBackup = await LastBackupAsync(database.Target, cancellationToken),
            },
            cancellationToken);

    /// <summary>The role that took it does not matter, the place does: a staging database of the same name has backups of its own.</summary>
    async Task<DatabaseBackup?> LastBackupAsync(DatabaseTarget target, CancellationToken cancellationToken)
    {
        var listing = await backups.ListAsync(new(), cancellationToken);
        return listing.Backups.FirstOrDefault(b => b.Database with { UserName = null } == target with { UserName = null });
    }
}
