namespace VividShift.Migrations.Seeding;

/// <summary>How a seed file compares with the record of what was run.</summary>
public enum SeedState
{
    /// <summary>It was never run in this database.</summary>
    New,

    /// <summary>It was run, and is another file since.</summary>
    Changed,

    /// <summary>It was run as it is.</summary>
    Unchanged,
}
