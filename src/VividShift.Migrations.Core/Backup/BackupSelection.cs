namespace VividShift.Migrations.Backup;

/// <summary>Which backups. What is null does not narrow.</summary>
public sealed record BackupSelection
{
    /// <summary>Folders of backups, or folders of single backups, absolute; empty: the configured one.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>Names of backups; wildcards allowed.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>A tag; wildcards allowed.</summary>
    public string? Tag { get; init; }

    /// <summary>Only the newest.</summary>
    public bool Latest { get; init; }
}

/// <summary>What a look into folders of backups found.</summary>
/// <param name="Backups">The backups, newest first.</param>
/// <param name="Damaged">One BackupInvalid for each folder whose manifest is missing, damaged or edited.</param>
public sealed record BackupListing(IReadOnlyList<DatabaseBackup> Backups, IReadOnlyList<MigrationException> Damaged);
