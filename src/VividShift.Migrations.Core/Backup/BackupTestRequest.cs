namespace VividShift.Migrations.Backup;

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
