namespace VividShift.Migrations.Configuration;

/// <summary>What applies to a folder's migration files, after all configuration sources were read.</summary>
public sealed record ProjectSettings
{
    /// <summary>The environment's name.</summary>
    public required string Environment { get; init; }

    /// <summary>The folders of migrations, absolute.</summary>
    public required IReadOnlyList<string> MigrationFolders { get; init; }

    /// <summary>Characters that are left out of the hash (sqlx.toml <c>ignored-chars</c>).</summary>
    public IReadOnlyList<string> IgnoredCharacters { get; init; } = [];

    /// <summary>The history table as written in sqlx.toml <c>table-name</c>; the default is sqlx's.</summary>
    public string HistoryTable { get; init; } = "_sqlx_migrations";

    /// <summary>Schemas that are created before the history table (sqlx.toml <c>create-schemas</c>).</summary>
    public IReadOnlyList<string> CreateSchemas { get; init; } = [];

    /// <summary>Roles that may own the tables in which records are kept, beside those that the session's role belongs to.</summary>
    public IReadOnlyList<string> TrustedOwners { get; init; } = [];

    /// <summary>The folder of the project's own templates; null when there is none.</summary>
    public string? TemplateFolder { get; init; }

    /// <summary>True when the environment is protected: everything asks, and destructive work asks for its name to be typed.</summary>
    public bool Protected { get; init; }

    /// <summary>The folder of backups, absolute; it need not exist.</summary>
    public required string BackupFolder { get; init; }

    /// <summary>The folder of seeds, absolute; it need not exist.</summary>
    public required string SeedFolder { get; init; }

    /// <summary>The folder of the project's own health checks, absolute; it need not exist.</summary>
    public required string CheckFolder { get; init; }

    /// <summary>The folder of PostgreSQL's client programs; null: PATH, then where installers put them.</summary>
    public string? ProgramFolder { get; init; }

    /// <summary>sqlx.toml <c>defaults.migration-type</c>: inferred, simple or reversible; null when not set.</summary>
    public string? DefaultMigrationType { get; init; }

    /// <summary>sqlx.toml <c>defaults.migration-versioning</c>: inferred, timestamp or sequential; null when not set.</summary>
    public string? DefaultMigrationVersioning { get; init; }
}
