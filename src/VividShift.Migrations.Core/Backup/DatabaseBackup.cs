using VividShift.Migrations.Databases;

namespace VividShift.Migrations.Backup;

/// <summary>A finished backup in a folder.</summary>
/// <param name="Folder">The backup's own folder, absolute.</param>
/// <param name="Manifest">What it is.</param>
public sealed record DatabaseBackup(string Folder, BackupManifest Manifest)
{
    /// <summary>Name of the folder, by which the backup can be named: <c>shop-20261124T224908Z-pre-migration</c>.</summary>
    public string Name => Path.GetFileName(Folder);

    /// <summary>The database that was backed up.</summary>
    public DatabaseTarget Database => Manifest.Database;

    /// <summary>The tag that was given.</summary>
    public string? Tag => Manifest.Tag;

    /// <summary>The moment of the snapshot.</summary>
    public DateTimeOffset TakenAt => Manifest.TakenAt;

    /// <summary>What it holds.</summary>
    public BackupContent Content => Manifest.Content;

    /// <summary>The newest migration in it.</summary>
    public long? MigrationVersion => Manifest.MigrationVersion;

    /// <summary>The bytes of all files.</summary>
    public long Size => Manifest.Size;

    /// <summary>How long it took.</summary>
    public TimeSpan Duration => Manifest.Duration;

    /// <summary>The newest trial restore; null when there was none.</summary>
    public BackupVerification? Verification { get; init; }

    /// <summary>True when the newest trial restore passed.</summary>
    public bool Verified => Verification is { Passed: true };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
