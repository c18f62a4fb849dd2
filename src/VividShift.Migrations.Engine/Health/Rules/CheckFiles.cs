using System.Text.RegularExpressions;
using VividShift.Migrations.Catalog;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Health.Rules;

/// <summary>Reads the project's own checks: <c>checks/*.sql</c>.</summary>
static partial class CheckFiles
{
    const string OneQuery = "Let the file hold one SELECT that returns the rows which should not be there.";

    static readonly string[] Queries = ["SELECT", "VALUES", "TABLE"];

    /// <summary>The checks of the named folders and files, else of the configured folder, which may be missing.</summary>
    /// <exception cref="MigrationException">PathNotFound: a folder that was named cannot be read.</exception>
    public static IReadOnlyList<IHealthCheck> Read(ProjectSettings project, IReadOnlyList<string> paths)
    {
        var places = paths.Count > 0 ? paths : Directory.Exists(project.CheckFolder) ? [project.CheckFolder] : [];
        return [.. places.SelectMany(Files).Distinct(StringComparer.Ordinal).Select(path => new ProjectCheck(Parse(path, Load(path))))];
    }

    /// <summary>What a text says, or why it cannot be a check.</summary>
    public static CheckFile Parse(string path, byte[] content)
    {
        var invalid = MigrationText.FirstInvalidByte(content);
        if (invalid >= 0)
        {
            var broken = new CheckFile(path, SqlScript.Parse(MigrationText.Decode(content.AsSpan(0, invalid))));
            return broken with { Problem = broken.Invalid(broken.Script.Text.Length, "it is not UTF-8.", "Save it as UTF-8.") };
        }

        var text = MigrationText.Decode(content);
        var check = new CheckFile(path, SqlScript.Parse(text));
        List<string> fixes = [];
        foreach (Match header in Header().Matches(text))
        {
            var value = header.Groups["value"].Value.TrimEnd();
            switch (header.Groups["key"].Value.ToUpperInvariant())
            {
                case "SEVERITY" when Enum.TryParse<FindingSeverity>(value, ignoreCase: true, out var severity) && Enum.IsDefined(severity):
                    check = check with { Severity = severity };
                    break;
                case "SEVERITY":
                    return check with
                    {
                        Problem = check.Invalid(header.Groups["value"].Index, $"'{value}' is not a severity.", "Write error, warning or information."),
                    };
                case "MESSAGE":
                    check = check with { Message = value };
                    break;
                default:
                    fixes.Add(value);
                    break;
            }
        }

        return check with { FixSql = fixes.Count == 0 ? null : string.Join('\n', fixes), Problem = Judge(check) };
    }

    static Finding? Judge(CheckFile check) => check.Script switch
    {
        { Problems: [var problem, ..] } => check.Invalid(problem.Offset, problem.Message, problem.RecommendedAction),
        { Statements: [] } => check.Invalid(0, "it holds no statement.", OneQuery),
        { Statements: [_, var second, ..] } => check.Invalid(second.Offset, "it holds more than one statement.", OneQuery),
        { Statements: [var only] } when !Queries.Contains(only.Command, StringComparer.Ordinal) =>
            check.Invalid(only.Offset, $"{only.Command} is not a query.", OneQuery),
        _ => null,
    };

    static IEnumerable<string> Files(string place)
    {
        try
        {
            return File.Exists(place) ? [place] : [.. Directory.EnumerateFiles(place, "*.sql").Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(place, e);
        }
    }

    static byte[] Load(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    static MigrationException Unreadable(string path, Exception cause) => new(
        MigrationErrorCode.PathNotFound,
        $"The checks in '{path}' cannot be read: {cause.Message}",
        "Name a folder of *.sql files with -CheckPath, or set checks in vividshift.json.",
        cause)
    {
        Target = path,
    };

    // Comments of whole lines, wherever they stand. [^\S\r\n] is a blank that is not the end of the line.
    [GeneratedRegex(@"(?<=^|\n)[^\S\r\n]*--[^\S\r\n]*(?<key>severity|message|fix)[^\S\r\n]*:[^\S\r\n]*(?<value>[^\r\n]*)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Header();
}
