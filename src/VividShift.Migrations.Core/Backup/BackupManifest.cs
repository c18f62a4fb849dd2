using VividShift.Migrations.Databases;
using VividShift.Migrations.History;

namespace VividShift.Migrations.Backup;

/// <summary>What a backup is, written beside it. A seal over its text shows whether anybody edited it.</summary>
public sealed record BackupManifest
{
    /// <summary>The format that this version writes and the newest that it reads.</summary>
    public const int CurrentFormatVersion = 1;

    /// <summary>The format of the manifest.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>The database that was backed up; its user is who did it on the server.</summary>
    public required DatabaseTarget Database { get; init; }

    /// <summary>The environment's name.</summary>
    public required string Environment { get; init; }

    /// <summary>The tag that was given; null when none was.</summary>
    public string? Tag { get; init; }

    /// <summary>The moment of the snapshot, by the server's clock: everything committed before is in the backup, nothing after.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>Who ran it and where: <c>anna@laptop</c>.</summary>
    public required string TakenBy { get; init; }

    /// <summary>How long dumping and hashing took together.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Version of the server: <c>15.4</c>.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>Major version of the server; a server older than this cannot be trusted to take the backup.</summary>
    public required int ServerMajor { get; init; }

    /// <summary>Version of pg_dump.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>Version of this module.</summary>
    public required string ModuleVersion { get; init; }

    /// <summary>Position in the write-ahead log; null when the role may not ask.</summary>
    public string? Lsn { get; init; }

    /// <summary>Encoding of the database: <c>UTF8</c>.</summary>
    public required string Encoding { get; init; }

    /// <summary>LC_COLLATE of the database.</summary>
    public required string Collation { get; init; }

    /// <summary>LC_CTYPE of the database.</summary>
    public required string CharacterType { get; init; }

    /// <summary>Where its collation rules come from: libc, icu or builtin.</summary>
    public string LocaleProvider { get; init; } = "libc";

    /// <summary>The locale of the provider, where it is not libc.</summary>
    public string? ProviderLocale { get; init; }

    /// <summary>The database's own additions to an ICU locale; null when there are none, and before PostgreSQL 16.</summary>
    public string? IcuRules { get; init; }

    /// <summary>Commit of the git repository that the working folder is in; null when it is in none.</summary>
    public string? GitCommit { get; init; }

    /// <summary>The history table as it was in the snapshot.</summary>
    public required MigrationHistory History { get; init; }

    /// <summary>What was dumped.</summary>
    public required BackupContent Content { get; init; }

    /// <summary>The tables of <see cref="BackupContent.Tables"/>, qualified and quoted; empty otherwise.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>How pg_dump wrote.</summary>
    public required BackupFormat Format { get; init; }

    /// <summary>What pg_dump was told about compression; null: nothing, so that it was level 4 of gzip.</summary>
    public string? Compression { get; init; }

    /// <summary>How many jobs wrote.</summary>
    public required int Jobs { get; init; }

    /// <summary>What the database took on the server's disk; a restored one needs about as much.</summary>
    public required long DatabaseSize { get; init; }

    /// <summary>Name of the way in which the tables' hashes were made; hashes made in another way cannot be compared.</summary>
    public required string FingerprintMethod { get; init; }

    /// <summary>Every table whose rows are in the backup, ordered by name; empty when no rows are.</summary>
    public IReadOnlyList<TableFingerprint> Fingerprints { get; init; } = [];

    /// <summary>Every sequence that had handed out a value.</summary>
    public IReadOnlyList<SequenceState> Sequences { get; init; } = [];

    /// <summary>What holds rows and was not hashed, with the reason: foreign tables, materialized views, tables of extensions.</summary>
    public IReadOnlyList<string> NotHashed { get; init; } = [];

    /// <summary>Every file of the backup but this one, ordered by path.</summary>
    public IReadOnlyList<BackupFile> Files { get; init; } = [];

    /// <summary>The newest applied version of the snapshot; null when nothing was applied.</summary>
    public long? MigrationVersion => History.Rows.Where(row => row.Success).Select(row => (long?)row.Version).Max();

    /// <summary>The bytes of all files.</summary>
    public long Size => Files.Sum(file => file.Size);
}

/// <summary>A file of a backup.</summary>
/// <param name="Path">Relative to the backup's folder, with slashes: <c>data/toc.dat</c>.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
public sealed record BackupFile(string Path, long Size, string Sha256);

/// <summary>
/// How far a sequence had come just before the dump began. Sequences stand outside every snapshot: what the dump holds may be further.
/// </summary>
/// <param name="Schema">Its schema, not quoted.</param>
/// <param name="Sequence">Its name, not quoted.</param>
/// <param name="LastValue">The value that was last handed out.</param>
/// <param name="Increment">What is added each time; negative for one that counts down.</param>
public sealed record SequenceState(string Schema, string Sequence, long LastValue, long Increment);

/// <summary>What a table held, in two figures that do not depend on the order of its rows.</summary>
/// <param name="Schema">Its schema, not quoted.</param>
/// <param name="Table">Its name, not quoted. A partition stands for itself, its parent does not appear.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Hash">The sum of the rows' 64-bit hashes, a decimal number; 0 when there is none.</param>
public sealed record TableFingerprint(string Schema, string Table, long Rows, string Hash);
