using VividShift.Migrations.Databases;

namespace VividShift.Migrations.Seeding;

/// <summary>What seeding would do.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Database">The database.</param>
/// <param name="Environment">The environment.</param>
/// <param name="Steps">Every file, in the order in which they run.</param>
public sealed record SeedPlan(SeedRequest Request, DatabaseTarget Database, string Environment, IReadOnlyList<SeedStep> Steps)
{
    /// <summary>The opened database that made it, the only one that runs it.</summary>
    public object? MadeBy { get; init; }
}
