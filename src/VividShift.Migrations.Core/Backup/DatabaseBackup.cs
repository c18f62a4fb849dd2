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

/// <summary>A backup was restored for trial, and this came of it.</summary>
/// <param name="At">When, by the clock of the machine that did it.</param>
/// <param name="By">Who: <c>anna@laptop</c>.</param>
/// <param name="Server">Where it was restored: <c>db:5432, PostgreSQL 15.4</c>.</param>
/// <param name="Passed">True when counts, hashes and schema were those of the manifest.</param>
/// <param name="Duration">How long restoring and comparing took.</param>
/// <param name="Result">What was compared, or what differed.</param>
public sealed record BackupVerification(
    DateTimeOffset At, string By, string Server, bool Passed, TimeSpan Duration, string Result)
{
    /// <summary>The major of that server; 0 when the record was written before it was kept.</summary>
    public int ServerMajor { get; init; }
}
