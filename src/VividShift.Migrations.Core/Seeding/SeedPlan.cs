using VividShift.Migrations.Databases;
using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.Seeding;

/// <summary>What seeding would do, or why not.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Database">The database.</param>
/// <param name="Environment">The environment.</param>
/// <param name="Steps">Every file, in the order in which they run.</param>
public sealed record SeedPlan(SeedRequest Request, DatabaseTarget Database, string Environment, IReadOnlyList<SeedStep> Steps)
{
    /// <summary>The opened database that made it, the only one that runs it.</summary>
    public object? MadeBy { get; init; }

    /// <summary>What is the matter with files, names and rights: all of it at once.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Throws the first refusal, with all of them as findings.</summary>
    /// <exception cref="MigrationException">With the refusal's code.</exception>
    public void ThrowIfRefused() => MigrationException.ThrowIfRefused(Findings, Database);
}

/// <summary>A seed file, and whether it is to run.</summary>
/// <param name="File">The file.</param>
/// <param name="State">How it compares with the record.</param>
/// <param name="Hash">SHA-256 of the file, and of the file beside it that says its key.</param>
/// <param name="Runs">True when it is to run.</param>
public sealed record SeedStep(SeedFile File, SeedState State, string Hash, bool Runs)
{
    /// <summary>What is about to be done, for questions.</summary>
    public string Action => (File.Format, State) switch
    {
        (SeedFormat.Sql, SeedState.New) => $"Run seed {File.Name}",
        (SeedFormat.Sql, _) => $"Run seed {File.Name} again",
        (_, SeedState.New) => $"Seed {File.Table} from {File.Name}",
        _ => $"Seed {File.Table} again from {File.Name}",
    };
}

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
