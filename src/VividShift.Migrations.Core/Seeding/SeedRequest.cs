namespace VividShift.Migrations.Seeding;

/// <summary>Which seeds into which database.</summary>
public sealed class SeedRequest
{
    /// <summary>Folders or files, absolute; empty: as configured, else <c>seeds</c> in the working folder.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Patterns of names; empty: all files.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Run files again that have not changed.</summary>
    public bool Force { get; init; }
}
