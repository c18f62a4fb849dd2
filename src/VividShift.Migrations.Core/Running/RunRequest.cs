using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Running;

/// <summary>A plan that was shown and agreed to, to be run.</summary>
public sealed class RunRequest
{
    /// <summary>The plan that the user saw.</summary>
    public required MigrationPlan Agreed { get; init; }

    /// <summary>How many of its first steps the user agreed to.</summary>
    public required int AgreedSteps { get; init; }

    /// <summary>True when the hooks of the configuration run.</summary>
    public bool Hooks { get; init; } = true;

    /// <summary>Make a verified backup before anything is written; not when the run creates the database.</summary>
    public bool Backup { get; init; }
}
