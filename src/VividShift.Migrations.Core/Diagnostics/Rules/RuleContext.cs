using VividShift.Migrations.Catalog;
using VividShift.Migrations.History;

namespace VividShift.Migrations.Diagnostics.Rules;

/// <summary>What rules are given to look at.</summary>
public sealed record RuleContext
{
    /// <summary>The files.</summary>
    public required MigrationCatalog Catalog { get; init; }

    /// <summary>
    /// The scripts to be judged: what is pending, and the ways back. What ran is history; nobody can fix its statements any more.
    /// </summary>
    public required IReadOnlyList<MigrationScript> Scripts { get; init; }

    /// <summary>The history; null when there is no database to ask.</summary>
    public MigrationHistory? History { get; init; }

    /// <summary>True when going back is what is asked about.</summary>
    public bool Rollback { get; init; }
}
