using VividShift.Migrations.Activity;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Health;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Repair;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations;

/// <summary>
/// A project and its database, opened: configuration and environment are those of the moment when it was opened. Plans belong to it, so what
/// was shown is what runs. The password is asked for at the first connection. What needs a connection refuses with ConfigurationInvalid when
/// none is configured.
/// </summary>
public interface IDatabase : IAsyncDisposable
{
    /// <summary>Which database; null when none is configured, and for a private server until it was needed for the first time.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: the connection that is configured cannot be used.</exception>
    DatabaseTarget? Target { get; }

    /// <summary>What applies to files and the environment.</summary>
    ProjectSettings Project { get; }

    /// <summary>Status, plans, runs and checks of migrations.</summary>
    IMigrationService Migrations { get; }

    /// <summary>Backups.</summary>
    IBackupService Backups { get; }

    /// <summary>Restores and what they would cost.</summary>
    IRestoreService Restores { get; }

    /// <summary>The health of the database.</summary>
    IHealthService Health { get; }

    /// <summary>What the server's sessions do.</summary>
    IActivityService Activity { get; }

    /// <summary>Changes history by hand.</summary>
    IHistoryService History { get; }

    /// <summary>Data from files.</summary>
    ISeedService Seeds { get; }

    /// <summary>Hooks around runs.</summary>
    IHookService Hooks { get; }

    /// <summary>Every setting that applies, with its source; secrets masked.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: the connection that is configured cannot be used.</exception>
    IReadOnlyList<ConfigurationSetting> DescribeSettings();
}
