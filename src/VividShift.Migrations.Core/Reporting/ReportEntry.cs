namespace VividShift.Migrations.Reporting;

/// <summary>How much a row of a report matters.</summary>
public enum ReportLevel
{
    /// <summary>As it should be.</summary>
    Fine,

    /// <summary>Worth knowing.</summary>
    Note,

    /// <summary>Goes on, and may hurt.</summary>
    Warning,

    /// <summary>Failed, or would be refused.</summary>
    Error,
}

/// <summary>One row of a report: what every format is made from, whatever it was made of.</summary>
/// <param name="Group">The table or test suite it belongs to: <c>Findings</c>, <c>Migrations</c>, <c>Activity</c>, <c>Errors</c>.</param>
/// <param name="Rule">A stable name, Pascal case: a finding's rule, an error's id, <c>MigrationApplied</c>.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="Title">What it is about, on one line.</param>
/// <param name="Message">What there is to say; may have several lines, and be empty.</param>
public sealed record ReportEntry(string Group, string Rule, ReportLevel Level, string Title, string Message)
{
    /// <summary>Where it stands, in a word: <c>Applied</c>, <c>Pending</c>.</summary>
    public required string State { get; init; }

    /// <summary>True when it is still to be done: a test that was skipped, in the words of JUnit.</summary>
    public bool Waiting { get; init; }

    /// <summary>The file concerned.</summary>
    public string? Path { get; init; }

    /// <summary>The line in the file, from 1.</summary>
    public int? Line { get; init; }

    /// <summary>The column in the file in code points, from 1.</summary>
    public int? Column { get; init; }

    /// <summary>The object of the database that it is about.</summary>
    public string? DatabaseObject { get; init; }

    /// <summary>The database: <c>shop@db:5432</c>.</summary>
    public string? Database { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The first line of the message.</summary>
    internal string FirstLine => Message.Split('\n', 2)[0];

    /// <summary>The same with nothing in it that is a command to a build agent or would break a format.</summary>
    internal ReportEntry Clean() => this with
    {
        Group = ReportText.CleanLine(Group),
        Rule = ReportText.CleanLine(Rule),
        Title = ReportText.CleanLine(Title),
        Message = ReportText.Clean(Message),
        State = ReportText.CleanLine(State),
        Path = Path is null ? null : ReportText.CleanLine(Path),
        DatabaseObject = DatabaseObject is null ? null : ReportText.CleanLine(DatabaseObject),
        Database = Database is null ? null : ReportText.CleanLine(Database),
    };
}
