using VividShift.Migrations.Databases;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Hooks;

/// <summary>What a hook is told of the run that it belongs to: the parameter of a script.</summary>
public sealed record HookContext
{
    /// <summary>When it runs.</summary>
    public required HookEvent Event { get; init; }

    /// <summary>The environment's name.</summary>
    public required string Environment { get; init; }

    /// <summary>The database.</summary>
    public required DatabaseTarget Database { get; init; }

    /// <summary>Up or down.</summary>
    public required MigrationDirection Direction { get; init; }

    /// <summary>The versions that the run is about, in the order in which they run.</summary>
    public required IReadOnlyList<long> Versions { get; init; }

    /// <summary>The migration at hand; null for hooks of the whole run.</summary>
    public long? Version { get; init; }

    /// <summary>Its description.</summary>
    public string? Description { get; init; }

    /// <summary>What is durable so far.</summary>
    public IReadOnlyList<MigrationResult> Results { get; init; } = [];

    /// <summary>The message of the failure; null when there was none.</summary>
    public string? Error { get; init; }

    /// <summary>The id of the failure; null when there was none, and when the run was stopped.</summary>
    public MigrationErrorCode? ErrorCode { get; init; }
}
