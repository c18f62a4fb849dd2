using VividShift.Migrations.Databases;

namespace VividShift.Migrations.Seeding;

/// <summary>What seeding would do.</summary>
/// <param name="Database">The database.</param>
/// <param name="Environment">The environment.</param>
/// <param name="Steps">Every file, in the order in which they run.</param>
public sealed record SeedPlan(DatabaseTarget Database, string Environment, IReadOnlyList<SeedStep> Steps);
