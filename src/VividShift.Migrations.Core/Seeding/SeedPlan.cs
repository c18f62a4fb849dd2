using VividShift.Migrations.Databases;
using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.Seeding;

/// <summary>What seeding would do, or why not.</summary>
/// <param name="Database">The database.</param>
/// <param name="Environment">The environment.</param>
/// <param name="Steps">Every file, in the order in which they run.</param>
public sealed record SeedPlan(DatabaseTarget Database, string Environment, IReadOnlyList<SeedStep> Steps)
{
    /// <summary>What is the matter with files, names and rights: all of it at once.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Throws the first refusal, with all of them as findings.</summary>
    /// <exception cref="MigrationException">With the refusal's code.</exception>
    public void ThrowIfRefused() => MigrationException.ThrowIfRefused(Findings, Database);
}
