namespace VividShift.Migrations.Diagnostics;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Information,

    /// <summary>Works here, and may surprise: with sqlx, on another machine, later.</summary>
    Warning,

    /// <summary>Has to be fixed; whether a run is refused until then is said by <see cref="Finding.Refuses"/>.</summary>
    Error,
}

/// <summary>The switches by which a user says to go on although something is found.</summary>
[Flags]
public enum RefusalOverrides
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>-Force</c>.</summary>
    Force = 1,

    /// <summary><c>-IgnoreMissing</c>.</summary>
    IgnoreMissing = 2,

    /// <summary><c>-AllowOutOfOrder</c>.</summary>
    AllowOutOfOrder = 4,
}

/// <summary>
/// The one kind of problem: something noticed about files, history, a database, a backup or a plan, with its place and the way to fix it.
/// What refuses a run is a finding, too: see <see cref="Refuses"/>.
/// </summary>
/// <param name="Rule">Stable name of the rule, Pascal case: <c>DuplicateVersion</c>, <c>ByteOrderMark</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What is the matter, in one or two sentences, without its place.</param>
public sealed record Finding(string Rule, FindingSeverity Severity, string Message)
{
    /// <summary>The migration concerned, if it is about one.</summary>
    public long? Version { get; init; }

    /// <summary>The file concerned, and the place in it if it is about one.</summary>
    public SourceLocation? Location { get; init; }

    /// <summary>The file concerned.</summary>
    public string? Path => Location?.Path;

    /// <summary>The line in the file, from 1; null when it is about the whole file.</summary>
    public int? Line => Location is { Line: > 0 and var line } ? line : null;

    /// <summary>The column in the file, from 1.</summary>
    public int? Column => Location is { Column: > 0 and var column } ? column : null;

    /// <summary>The object of the database that it is about, qualified and quoted: <c>public.orders</c>, <c>session 4711</c>.</summary>
    public string? DatabaseObject { get; init; }

    /// <summary>What was seen, with figures: how many rows, which values, since when.</summary>
    public string? Evidence { get; init; }

    /// <summary>SQL that fixes it, to be read before it is run; null when there is none that fits.</summary>
    public string? FixSql { get; init; }

    /// <summary>What to do about it.</summary>
    public string? RecommendedAction { get; init; }

    /// <summary>True when what was asked for is refused because of this finding.</summary>
    public bool Refuses => RefusedAs is not null;

    /// <summary>The error id under which it refuses; null for findings that refuse nothing.</summary>
    public MigrationErrorCode? RefusedAs { get; init; }

    /// <summary>The switches of which any one lifts the refusal; none for what is always refused.</summary>
    public RefusalOverrides OverriddenBy { get; init; }

    /// <summary>A finding that refuses and whose rule has the name of the error.</summary>
    public static Finding Refusal(MigrationErrorCode code, string message, string advice) =>
        new(code.ToString(), FindingSeverity.Error, message) { RecommendedAction = advice, RefusedAs = code };

    /// <summary>What is left of it when these switches were given: itself, or a warning that the run goes on all the same.</summary>
    public Finding Under(RefusalOverrides given) => Refuses && (OverriddenBy & given) != RefusalOverrides.None
        ? AsWarning() with { Message = $"{Message} It runs all the same, as asked.", RecommendedAction = null }
        : this;

    /// <summary>The same where it refuses nothing, since what it is about is not touched.</summary>
    public Finding AsWarning() => this with
    {
        RefusedAs = null,
        Severity = Severity == FindingSeverity.Error ? FindingSeverity.Warning : Severity,
    };

    /// <summary>What is the matter and what to do about it, for a warning in words.</summary>
    public string Describe() => RecommendedAction is null ? Message : $"{Message} {RecommendedAction}";

    /// <inheritdoc/>
    public override string ToString() => Path is null ? $"{Rule}: {Message}" : $"{Rule}: {Message} ({Path})";
}
