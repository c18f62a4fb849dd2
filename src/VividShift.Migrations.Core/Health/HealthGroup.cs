namespace VividShift.Migrations.Health;

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
