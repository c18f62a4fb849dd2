using VividShift.Migrations.Databases;

namespace VividShift.Migrations.Seeding;

/// <summary>What came of one seed file.</summary>
public sealed record SeedResult
{
    /// <summary>What it is called: <c>common/010_users.csv</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The table; null for SQL.</summary>
    public string? Table { get; init; }

    /// <summary>What became of it.</summary>
    public required SeedOutcome Outcome { get; init; }

    /// <summary>Rows that were not there; null for SQL and for what was passed over.</summary>
    public long? Inserted { get; init; }

    /// <summary>Rows that were there and differed; null for SQL and for what was passed over.</summary>
    public long? Updated { get; init; }

    /// <summary>Rows that were there as they are in the file; null for SQL and for what was passed over.</summary>
    public long? Unchanged { get; init; }

    /// <summary>How long it took; null for what was passed over.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The database.</summary>
    public required DatabaseTarget Database { get; init; }
}

/// <summary>What became of a seed file.</summary>
public enum SeedOutcome
{
    /// <summary>It was run, and is committed.</summary>
    Seeded,

    /// <summary>It was run earlier as it is, and passed over.</summary>
    Unchanged,
}
