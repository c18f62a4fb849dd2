namespace VividShift.Migrations.Backup;

/// <summary>What to back up, and how.</summary>
public sealed record BackupRequest
{
    /// <summary>The folder that gets the backup's folder, absolute; null: as configured.</summary>
    public string? Folder { get; init; }

    /// <summary>A tag, which becomes part of the name; null: none.</summary>
    public string? Tag { get; init; }

    /// <summary>Restore it for trial when it is complete.</summary>
    public bool Verify { get; init; }

    /// <summary>How many tables are dumped at a time; null: one for each processor, four at most.</summary>
    public int? Jobs { get; init; }

    /// <summary>How pg_dump writes.</summary>
    public BackupFormat Format { get; init; }

    /// <summary>What is dumped; <see cref="BackupContent.Tables"/> when <see cref="Tables"/> names some.</summary>
    public BackupContent Content { get; init; }

    /// <summary>Names of tables, with or without schema, wildcards allowed.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>A level or method as pg_dump takes it; null: level 4 of gzip.</summary>
    public string? Compression { get; init; }

    /// <summary>The folder of PostgreSQL's programs; null: as configured, then where they are found.</summary>
    public string? ProgramFolder { get; init; }
}

/// <summary>How pg_dump writes.</summary>
public enum BackupFormat
{
    /// <summary>A folder with a file for each table, written and read by several jobs at a time.</summary>
    Directory,

    /// <summary>One file, written by one job.</summary>
    Custom,
}

/// <summary>What a backup holds.</summary>
public enum BackupContent
{
    /// <summary>Definitions and rows of everything.</summary>
    All,

    /// <summary>Definitions of everything and no rows.</summary>
    SchemaOnly,

    /// <summary>Rows of every table and no definitions.</summary>
    DataOnly,

    /// <summary>Definitions and rows of the tables that were named.</summary>
    Tables,
}

/// <summary>Which backup to test, and how far.</summary>
public sealed record BackupTestRequest
{
    /// <summary>The backup's own folder, absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>Restore it for trial into a database of its own.</summary>
    public bool Restore { get; init; }

    /// <summary>How many tables are restored at a time; null: one for each processor, four at most.</summary>
    public int? Jobs { get; init; }

    /// <summary>The folder of PostgreSQL's programs; null: as configured, then where they are found.</summary>
    public string? ProgramFolder { get; init; }
}
