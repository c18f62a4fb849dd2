namespace VividShift.Migrations.Restore;

/// <summary>What a database is restored from.</summary>
public enum RestoreSourceKind
{
    /// <summary>A backup of Backup-VsDatabase, with its manifest.</summary>
    Backup,

    /// <summary>An archive that pg_dump wrote (custom or directory format), without a manifest.</summary>
    Archive,

    /// <summary>A plain script of pg_dump, maybe compressed by gzip.</summary>
    Script,
}
