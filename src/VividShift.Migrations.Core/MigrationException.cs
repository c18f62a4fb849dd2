using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations;

/// <summary>
/// The only exception that leaves the engine (beside <see cref="OperationCanceledException"/>). Its message stands alone: what
/// happened, where, what state the database is in, and what to do next.
/// </summary>
public sealed class MigrationException : Exception
{
    /// <summary>Makes an exception; see the properties for the meaning of each part.</summary>
    public MigrationException(MigrationErrorCode code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>The stable id.</summary>
    public MigrationErrorCode Code { get; }

    /// <summary>The next command or step that gets the user out of it; part of the message as well.</summary>
    public string? RecommendedAction { get; init; }

    /// <summary>What the database looks like now, in a sentence; part of the message as well.</summary>
    public string? DatabaseState { get; init; }

    /// <summary>Where in a file the cause lies.</summary>
    public SourceLocation? Location { get; init; }

    /// <summary>What the server said, if it was the server.</summary>
    public SqlErrorDetails? Sql { get; init; }

    /// <summary>The object that failed: a status, a result, a file, a database target.</summary>
    public object? Target { get; init; }

    /// <summary>All refusals or findings, when there is more than one; the message tells the first.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
