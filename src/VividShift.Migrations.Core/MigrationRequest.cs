using VividShift.Migrations.Databases;

namespace VividShift.Migrations;

/// <summary>Which files against which database.</summary>
public sealed class MigrationRequest
{
    /// <summary>The database.</summary>
    public required DatabaseRequest Database { get; init; }

    /// <summary>Absolute folders (or single files) of migrations; empty: as configured, else <c>migrations</c> in the working
    /// folder.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];
}
