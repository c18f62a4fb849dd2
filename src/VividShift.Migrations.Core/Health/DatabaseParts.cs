namespace VividShift.Migrations.Health;

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
