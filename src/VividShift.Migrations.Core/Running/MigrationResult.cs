using VividShift.Migrations.Databases;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Running;

/// <summary>What became of a step.</summary>
public enum MigrationOutcome
{
    /// <summary>The up script ran and history has its row.</summary>
    Applied,

    /// <summary>The down script ran and history no longer has the row.</summary>
    Reverted,

    /// <summary>It failed; the error says what state the database is in.</summary>
    Failed,
}

/// <summary>One migration that was run, emitted as soon as it is durable.</summary>
public sealed record MigrationResult
{
    /// <summary>The version.</summary>
    public required long Version { get; init; }

    /// <summary>The description, from the file name.</summary>
    public required string Description { get; init; }

    /// <summary>Up or down.</summary>
    public required MigrationDirection Direction { get; init; }

    /// <summary>What became of it.</summary>
    public required MigrationOutcome Outcome { get; init; }

    /// <summary>Client wall clock from before BEGIN to after COMMIT.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>When it started, by this machine's clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>True when script and history row were one transaction.</summary>
    public required bool Transactional { get; init; }

    /// <summary>How many statements the script has.</summary>
    public required int Statements { get; init; }

    /// <summary>What the server said meanwhile.</summary>
    public IReadOnlyList<Notice> Notices { get; init; } = [];

    /// <summary>The script's file.</summary>
    public required string Path { get; init; }

    /// <summary>The database.</summary>
    public required DatabaseTarget Database { get; init; }

    /// <summary>The folder of the backup that was made before the run; null when none was asked for.</summary>
    public string? Backup { get; init; }

    /// <summary>The message of the failure; null when there was none.</summary>
    public string? Problem { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Outcome} {Version} {Description} ({Duration.TotalMilliseconds:0} ms)");
}
