namespace VividShift.Migrations.Health;

/// <summary>What to examine, and how hard.</summary>
public sealed class HealthRequest
{
    /// <summary>How long one check may take when nobody says otherwise.</summary>
    public static readonly TimeSpan DefaultCheckTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The groups to examine; empty: all of them.</summary>
    public IReadOnlyList<HealthGroup> Groups { get; init; } = [];

    /// <summary>True to read all rows of large tables instead of a sample, and all that is to be said of the migration files.</summary>
    public bool Full { get; init; }

    /// <summary>How long one check may take; what it has found by then counts.</summary>
    public TimeSpan CheckTimeout { get; init; } = DefaultCheckTimeout;

    /// <summary>Absolute folders or files of the project's own checks; empty: as configured, and then they may be missing.</summary>
    public IReadOnlyList<string> CheckPaths { get; init; } = [];

    /// <summary>From when on something is worth telling.</summary>
    public HealthThresholds Thresholds { get; init; } = HealthThresholds.Default;
}

/// <summary>What a health check is about.</summary>
public enum HealthGroup
{
    /// <summary>Rows that break a constraint, constraints and triggers that are not enforced.</summary>
    Constraint,

    /// <summary>Indexes that are invalid, missing, twice there, never used or bloated.</summary>
    Index,

    /// <summary>Tables and sequences: keys, room, vacuum.</summary>
    Table,

    /// <summary>Sessions, prepared transactions, replication slots.</summary>
    Activity,

    /// <summary>Extensions, collations, settings, and what restores have left on the server.</summary>
    Server,

    /// <summary>The history of migrations against the files.</summary>
    History,

    /// <summary>The project's own checks.</summary>
    Project,
}
