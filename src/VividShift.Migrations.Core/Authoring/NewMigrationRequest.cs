namespace VividShift.Migrations.Authoring;

/// <summary>What a new migration should be.</summary>
public sealed record NewMigrationRequest
{
    /// <summary>What it is called, as its author typed it.</summary>
    public required string Name { get; init; }

    /// <summary>The folder it goes to, absolute; made if it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>What its files start from.</summary>
    public required MigrationTemplate Template { get; init; }

    /// <summary>Values for the template.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>The version; null for the next one.</summary>
    public long? Version { get; init; }

    /// <summary>A version that is spoken for although no file has it yet; null for none.</summary>
    public long? After { get; init; }

    /// <summary>True for one file that cannot be undone; null as configured.</summary>
    public bool? Simple { get; init; }

    /// <summary>True for the highest version plus one, false for a time stamp; null as configured, else as the folder does it.</summary>
    public bool? Sequential { get; init; }

    /// <summary>sqlx.toml <c>defaults.migration-type</c>: inferred, simple or reversible.</summary>
    public string? DefaultType { get; init; }

    /// <summary>sqlx.toml <c>defaults.migration-versioning</c>: inferred, timestamp or sequential.</summary>
    public string? DefaultVersioning { get; init; }
}
