namespace VividShift.Migrations.Diagnostics;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Information,

    /// <summary>Works here, and may surprise: with sqlx, on another machine, later.</summary>
    Warning,

    /// <summary>Running is refused until it is fixed.</summary>
    Error,
}

/// <summary>Something noticed about files, history or the database, with its place and the way to fix it.</summary>
/// <param name="Rule">Stable name of the rule, Pascal case: <c>DuplicateVersion</c>, <c>ByteOrderMark</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What is the matter, in one or two sentences.</param>
public sealed record Finding(string Rule, FindingSeverity Severity, string Message)
{
    /// <summary>The migration concerned, if it is about one.</summary>
    public long? Version { get; init; }

    /// <summary>The file concerned.</summary>
    public string? Path { get; init; }

    /// <summary>The line in the file, from 1; null when it is about the whole file.</summary>
    public int? Line { get; init; }

    /// <summary>The column in the file, from 1.</summary>
    public int? Column { get; init; }

    /// <summary>The object of the database that it is about, qualified and quoted: <c>public.orders</c>, <c>session 4711</c>.</summary>
    public string? DatabaseObject { get; init; }

    /// <summary>What was seen, with figures: how many rows, which values, since when.</summary>
    public string? Evidence { get; init; }

    /// <summary>SQL that fixes it, to be read before it is run; null when there is none that fits.</summary>
    public string? FixSql { get; init; }

    /// <summary>What to do about it.</summary>
    public string? RecommendedAction { get; init; }

    /// <summary>The error id under which a run refuses because of this finding; null for findings that never refuse.</summary>
    public MigrationErrorCode? RefusedAs { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Path is null ? $"{Rule}: {Message}" : $"{Rule}: {Message} ({Path})";
}
