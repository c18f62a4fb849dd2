using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations;

/// <summary>
/// The only exception that leaves the engine (beside <see cref="OperationCanceledException"/>). Its message stands alone and is composed
/// here from its parts: where, what happened, what state the database is in, what to do next, and what else there is.
/// </summary>
public sealed class MigrationException : Exception
{
    /// <summary>The state in which most failures leave the database.</summary>
    public const string NothingChanged = "Nothing was changed.";

    const int MostOthers = 5;

    /// <summary>Makes an exception from its parts.</summary>
    /// <param name="code">The stable id.</param>
    /// <param name="what">What happened, in one or more sentences; neither the state nor the action, which the message adds.</param>
    /// <param name="recommendedAction">The next command or step that gets the user out of it.</param>
    /// <param name="innerException">The cause.</param>
    public MigrationException(MigrationErrorCode code, string what, string? recommendedAction = null, Exception? innerException = null)
        : base(what, innerException)
    {
        Code = code;
        RecommendedAction = recommendedAction;
    }

    /// <summary>The stable id.</summary>
    public MigrationErrorCode Code { get; }

    /// <summary>What happened; the first part of the message.</summary>
    public string What => base.Message;

    /// <summary>The next command or step that gets the user out of it; part of the message as well.</summary>
    public string? RecommendedAction { get; }

    /// <summary>What the database looks like now, in a sentence; part of the message as well. Null when nobody can say.</summary>
    public string? DatabaseState { get; init; } = NothingChanged;

    /// <summary>Where in a file the cause lies.</summary>
    public SourceLocation? Location { get; init; }

    /// <summary>What the server said, if it was the server.</summary>
    public SqlErrorDetails? Sql { get; init; }

    /// <summary>The object that failed: a finding, a status, a result, a file, a database target.</summary>
    public object? Target { get; init; }

    /// <summary>All findings for which it was thrown, the one that <see cref="What"/> says among them.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <inheritdoc/>
    public override string Message
    {
        get
        {
            // What quotes a program or a file has lines of its own; the rest begins a new one then.
            var separator = What.Contains('\n') ? "\n" : " ";
            var rest = string.Join(' ', new[] { DatabaseState, RecommendedAction }.Where(part => !string.IsNullOrEmpty(part)));
            return $"{Place}{What}{(rest.Length == 0 ? string.Empty : separator)}{rest}{Others}";
        }
    }

    // Said once: some sentences name the place themselves.
    string Place =>
        Location is { Line: > 0 } && !What.Contains(Location.ToString(), StringComparison.Ordinal) ? $"{Location}: " : string.Empty;

    string Others
    {
        get
        {
            var others = Findings.Select(f => f.Message).Where(message => !What.Contains(message, StringComparison.Ordinal)).ToList();
            var named = string.Join("; ", others.Take(MostOthers).Concat(others.Count > MostOthers ? ["..."] : []));
            return others.Count == 0 ? string.Empty : FormattableString.Invariant($"\n({others.Count} more: {named})");
        }
    }

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
    /// <param name="databaseState">What the database looks like now.</param>
    public static MigrationException Of(IReadOnlyList<Finding> refusing, object? target, string databaseState = NothingChanged)
    {
        var first = refusing[0];
        var code = first.RefusedAs ?? throw new ArgumentException("The finding refuses nothing.", nameof(refusing));
        return new(code, first.Message, first.RecommendedAction)
        {
            DatabaseState = databaseState,
            Location = first.Location,
            Target = first is { Version: null, Location: null, DatabaseObject: null } ? target : first,
            Findings = refusing,
        };
    }

    /// <summary>The same failure, told with more or otherwise; what is not given stays. This one is its cause.</summary>
    public MigrationException With(
        MigrationErrorCode? code = null,
        string? what = null,
        string? recommendedAction = null,
        string? databaseState = null,
        object? target = null) =>
        new(code ?? Code, what ?? What, recommendedAction ?? RecommendedAction, this)
        {
            DatabaseState = databaseState ?? DatabaseState,
            Location = Location,
            Sql = Sql,
            Target = target ?? Target,
            Findings = Findings,
        };

    /// <summary>The same as a finding, where a failure of one thing must not end the look at others.</summary>
    /// <param name="rule">The rule's name.</param>
    /// <param name="refusedAs">The error id under which it refuses what was asked for; null when it does not.</param>
    public Finding ToFinding(string rule, MigrationErrorCode? refusedAs = null) =>
        new(rule, FindingSeverity.Error, What) { Location = Location, RecommendedAction = RecommendedAction, RefusedAs = refusedAs };
}
