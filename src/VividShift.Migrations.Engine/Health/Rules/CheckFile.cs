using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Health.Rules;

/// <summary>A check of the project's own: one query that must return no row, and what its comments say about it.</summary>
sealed record CheckFile(string Path, SqlScript Script)
{
    /// <summary>The name of its findings: the file's, without the ending.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary><c>-- severity: warning</c>; an error when nothing is said.</summary>
    public FindingSeverity Severity { get; init; } = FindingSeverity.Error;

    /// <summary><c>-- message: ...</c>; null when nothing is said.</summary>
    public string? Message { get; init; }

    /// <summary><c>-- fix: ...</c>, each line of it; null when nothing is said.</summary>
    public string? FixSql { get; init; }

    /// <summary>Why it cannot be run; null when it can.</summary>
    public Finding? Problem { get; init; }

    /// <summary>The finding that a check cannot be run.</summary>
    public Finding Invalid(int offset, string why, string advice)
    {
        var (line, column) = Script.Locate(offset);
        return new("CheckInvalid", FindingSeverity.Error, $"The check '{System.IO.Path.GetFileName(Path)}' cannot be run: {why}")
        {
            Location = new(Path, line, column),
            RecommendedAction = advice,
        };
    }
}
