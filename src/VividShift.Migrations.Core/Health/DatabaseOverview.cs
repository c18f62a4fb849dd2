using VividShift.Migrations.Backup;
using VividShift.Migrations.Databases;

namespace VividShift.Migrations.Health;

/// <summary>The state of a database at a glance.</summary>
/// <param name="Database">Where it is.</param>
/// <param name="ServerVersion">As the server says it: <c>15.20</c>.</param>
/// <param name="SizeBytes">All its tables, indexes and the rest, in bytes.</param>
public sealed record DatabaseOverview(DatabaseTarget Database, string ServerVersion, long SizeBytes)
{
    /// <summary>The configured environment.</summary>
    public required string Environment { get; init; }

    /// <summary>True when the environment is protected.</summary>
    public required bool Protected { get; init; }

    /// <summary>The encoding, such as UTF8.</summary>
    public required string Encoding { get; init; }

    /// <summary>The collation that sorts and compares text by default.</summary>
    public required string Collation { get; init; }

    /// <summary>When the server was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>For how long the server has been up, by its own clock.</summary>
    public required TimeSpan Uptime { get; init; }

    /// <summary>Sessions of clients on the whole server, this one included.</summary>
    public required int Connections { get; init; }

    /// <summary>How many sessions the server takes from roles that are no superusers.</summary>
    public required int ConnectionLimit { get; init; }

    /// <summary>Sessions of clients on this database, this one included.</summary>
    public required int DatabaseConnections { get; init; }

    /// <summary>Share of the blocks that were found in the server's memory, from 0 to 1; null when none was read yet.</summary>
    public double? CacheHitRate { get; init; }

    /// <summary>True when the server follows another and takes no writes.</summary>
    public required bool IsStandby { get; init; }

    /// <summary>On a standby: how old the last transaction is that it has replayed; zero when it has all that it received.</summary>
    public TimeSpan? ReplicationLag { get; init; }

    /// <summary>The servers that follow this one.</summary>
    public IReadOnlyList<StandbyState> Standbys { get; init; } = [];

    /// <summary>The newest applied migration; null when there is none.</summary>
    public long? MigrationVersion { get; init; }

    /// <summary>How many migrations are applied; null when the history cannot be read.</summary>
    public int? AppliedMigrations { get; init; }

    /// <summary>How many migrations of the folder are not applied; null when there is no folder.</summary>
    public int? PendingMigrations { get; init; }

    /// <summary>The newest backup of this database in the configured folder; null when there is none.</summary>
    public DatabaseBackup? LastBackup { get; init; }

    /// <summary>The largest tables, the largest first: five, or all of the first fifty in a detailed overview.</summary>
    public IReadOnlyList<TableSize> LargestTables { get; init; } = [];

    /// <summary>The largest indexes, the largest first; only in a detailed overview.</summary>
    public IReadOnlyList<IndexSize> LargestIndexes { get; init; } = [];

    /// <summary>The settings that are not as PostgreSQL ships them; only in a detailed overview.</summary>
    public IReadOnlyList<ServerSetting> Settings { get; init; } = [];
}

/// <summary>How much room a table takes; of a partitioned one, all its partitions.</summary>
/// <param name="Name">Qualified, and quoted where it has to be.</param>
/// <param name="TotalBytes">With its indexes and what is stored out of line.</param>
/// <param name="IndexBytes">Its indexes alone.</param>
/// <param name="EstimatedRows">As the last ANALYZE or VACUUM saw it; null when there was none.</param>
public sealed record TableSize(string Name, long TotalBytes, long IndexBytes, long? EstimatedRows);

/// <summary>How much room an index takes, and how often it was used.</summary>
/// <param name="Name">Qualified, and quoted where it has to be.</param>
/// <param name="Table">The table it is on.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Scans">How often it was read since counting began.</param>
public sealed record IndexSize(string Name, string Table, long Bytes, long Scans);

/// <summary>A setting of the server.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value, with the unit.</param>
/// <param name="Source">Where it comes from, as pg_settings says it.</param>
public sealed record ServerSetting(string Name, string Value, string Source);

/// <summary>A server that follows this one.</summary>
/// <param name="Name">The name it gave itself.</param>
/// <param name="State">streaming, catchup, startup, backup or stopping; null when the role may not see it.</param>
/// <param name="SyncState">async, potential, sync or quorum; null when the role may not see it.</param>
/// <param name="LagBytes">How much log it has not replayed yet; null when the role may not see it.</param>
public sealed record StandbyState(string Name, string? State, string? SyncState, long? LagBytes);
