namespace VividShift.Migrations.Restore;

/// <summary>Which backup to bring back, and how.</summary>
public sealed record RestoreRequest
{
    /// <summary>What the restored database will be called; null: as the connection says.</summary>
    public string? TargetDatabase { get; init; }

    /// <summary>The folder of a backup, an archive of pg_dump, or a plain script; absolute. Null: the newest backup.</summary>
    public string? Path { get; init; }

    /// <summary>Only backups with this tag count when the newest is looked for.</summary>
    public string? Tag { get; init; }

    /// <summary>The tables whose rows are restored, as <c>schema.table</c> or <c>table</c>; empty: all.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>How many connections pg_restore uses; null: as many as the machine has processors, at most four.</summary>
    public int? Jobs { get; init; }

    /// <summary>The folder of pg_restore and psql; null: as configured, else PATH.</summary>
    public string? ProgramFolder { get; init; }

    /// <summary>Compare the content of every table by its hash, also when a trial restore has proved the backup.</summary>
    public bool Verify { get; init; }

    /// <summary>Drop the old database after the swap instead of keeping it under another name.</summary>
    public bool DropDatabase { get; init; }

    /// <summary>End the sessions that are connected to the old database.</summary>
    public bool Force { get; init; }

    /// <summary>Everything belongs to the role that restores, whoever owned it before.</summary>
    public bool NoOwner { get; init; }

    /// <summary>Grants are left out.</summary>
    public bool NoPrivileges { get; init; }
}

/// <summary>How a restored database is compared with what was backed up, before it takes the place of the old one.</summary>
public enum RestoreComparison
{
    /// <summary>Not at all: archives and scripts have no manifest to be compared with.</summary>
    None,

    /// <summary>
    /// Rows are counted, sequences and definitions compared. Enough when a trial restore has proved the content of the very same files on a
    /// server of the same major.
    /// </summary>
    Counts,

    /// <summary>As <see cref="Counts"/>, and the content of every table by its hash.</summary>
    Content,
}
