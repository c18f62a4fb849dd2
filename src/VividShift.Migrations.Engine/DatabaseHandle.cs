using VividShift.Migrations.Activity;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Activity;
using VividShift.Migrations.Engine.Backup;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Health;
using VividShift.Migrations.Engine.History.Repair;
using VividShift.Migrations.Engine.Hooks;
using VividShift.Migrations.Engine.Restore;
using VividShift.Migrations.Engine.Running;
using VividShift.Migrations.Engine.Seeding;
using VividShift.Migrations.Health;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Repair;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine;

/// <summary>All services on one opened database.</summary>
sealed class DatabaseHandle : IDatabase
{
    internal DatabaseHandle(OpenDatabase opened)
    {
        var hooks = new HookService(opened);
        Opened = opened;
        Hooks = hooks;
        Backups = new BackupService(opened);
        Migrations = new MigrationService(opened, Backups, hooks);
        Restores = new RestoreService(opened, Backups);
        Health = new HealthService(opened, Backups);
        Activity = new ActivityService(opened);
        History = new HistoryService(opened);
        Seeds = new SeedService(opened);
    }

    /// <summary>What the services work on, and what plans are known by.</summary>
    internal OpenDatabase Opened { get; }

    /// <inheritdoc/>
    public DatabaseTarget? Target => Opened.Target;

    /// <inheritdoc/>
    public ProjectSettings Project => Opened.Project;

    /// <inheritdoc/>
    public IMigrationService Migrations { get; }

    /// <inheritdoc/>
    public IBackupService Backups { get; }

    /// <inheritdoc/>
    public IRestoreService Restores { get; }

    /// <inheritdoc/>
    public IHealthService Health { get; }

    /// <inheritdoc/>
    public IActivityService Activity { get; }

    /// <inheritdoc/>
    public IHistoryService History { get; }

    /// <inheritdoc/>
    public ISeedService Seeds { get; }

    /// <inheritdoc/>
    public IHookService Hooks { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ConfigurationSetting> DescribeSettings() => ConfigurationReader.Describe(Opened.Configuration);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Opened.DisposeAsync();
}
