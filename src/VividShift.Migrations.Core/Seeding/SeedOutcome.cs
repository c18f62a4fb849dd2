namespace VividShift.Migrations.Seeding;

/// <summary>What became of a seed file.</summary>
public enum SeedOutcome
{
    /// <summary>It was run, and is committed.</summary>
    Seeded,

    /// <summary>It was run earlier as it is, and passed over.</summary>
    Unchanged,
}
