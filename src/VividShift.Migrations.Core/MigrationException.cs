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

    /// <summary>Throws when any of the findings refuses: the one way from findings to an exception.</summary>
    /// <param name="findings">What was found.</param>
    /// <param name="target">What it is about, where the first refusal names nothing of its own.</param>
    /// <exception cref="MigrationException">With the code of the first refusal, and all refusals as findings.</exception>
    public static void ThrowIfRefused(IEnumerable<Finding> findings, object? target)
    {
        var refusing = findings.Where(f => f.Refuses).ToList();
        if (refusing.Count > 0)
        {
            throw Of(refusing, target);
        }
    }

    /// <summary>The exception that says the first of some refusals and counts the others.</summary>
    /// <param name="refusing">Findings that refuse, at least one.</param>
    /// <param name="target">What they are about, where the first names nothing of its own.</param>
    /// <param name="state">What the database looks like now.</param>
    public static MigrationException Of(IReadOnlyList<Finding> refusing, object? target, string state = "Nothing was changed.")
    {
        var first = refusing[0];
        var others = refusing.Count == 1 ? string.Empty : FormattableString.Invariant($"\n({refusing.Count - 1} more: {string.Join("; ", refusing.Skip(1).Take(5).Select(r => r.Message))}{(refusing.Count > 6 ? "; ..." : string.Empty)})");
        var place = first.Line is null ? string.Empty : $"{first.Location}: ";
        return new(first.RefusedAs ?? throw new ArgumentException("The finding refuses nothing.", nameof(refusing)), $"{place}{first.Message} {state} {first.RecommendedAction}{others}")
        {
            RecommendedAction = first.RecommendedAction,
            DatabaseState = state,
            Location = first.Location,
            Target = first is { Version: null, Location: null, DatabaseObject: null } ? target : first,
            Findings = refusing,
        };
    }
}
