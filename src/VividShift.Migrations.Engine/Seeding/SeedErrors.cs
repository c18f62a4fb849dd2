using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>
/// How a seed file that cannot be used, or whose rows the server refuses, is reported: with its line, and without its data flooding.
/// </summary>
static partial class SeedErrors
{
    const int LongestText = 300;

    /// <summary>The file itself is at fault; nothing was sent.</summary>
    internal static MigrationException Unusable(SeedFile file, int line, string what, string advice, Exception? cause = null) =>
        Failed(file, new SourceLocation(file.Path, line), what, advice, cause);

    /// <summary>The file is at fault as a whole.</summary>
    internal static MigrationException Unusable(SeedFile file, string what, string advice, Exception? cause = null) =>
        Failed(file, null, what, advice, cause);

    /// <summary>The server refused something of it.</summary>
    internal static MigrationException Refused(SeedFile file, SourceLocation? location, PostgresException answer, string? statement = null)
    {
        var column = ColumnOf(answer) is { } name ? $", column {name}" : "";
        var detail = string.IsNullOrEmpty(answer.Detail) ? "" : $" {Short(answer.Detail)}";
        var hint = string.IsNullOrEmpty(answer.Hint) ? "" : $" {Short(answer.Hint)}";
        return new MigrationException(
            MigrationErrorCode.SeedFailed,
            $"{Place(file, location)}{Short(answer.MessageText)} (SQLSTATE {answer.SqlState}{column}).{detail}{hint}",
            "Fix the file and run Invoke-VsSeed again.",
            answer)
        {
            DatabaseState = State(file),
            Location = location,
            Sql = SqlErrors.Details(answer, statement),
            Target = file,
        };
    }

    /// <summary>The record of a COPY that the server complains of, from 1; null when it does not say.</summary>
    internal static int? CopyLineOf(PostgresException answer) =>
        CopyContext().Match(answer.Where ?? "") is { Success: true } match
            && int.TryParse(match.Groups["line"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var line) ? line : null;

    static string? ColumnOf(PostgresException answer) =>
        CopyContext().Match(answer.Where ?? "") is { Success: true } match && match.Groups["column"] is { Success: true, Value: var column }
            ? column
            : answer.ColumnName;

    static MigrationException Failed(SeedFile file, SourceLocation? location, string what, string advice, Exception? cause) =>
        new(MigrationErrorCode.SeedFailed, $"{Place(file, location)}{what}", advice, cause)
        {
            DatabaseState = State(file),
            Location = location,
            Target = file,
        };

    // A place in the file is told by the exception itself.
    static string Place(SeedFile file, SourceLocation? location) => location is null ? $"{file.Path}: " : string.Empty;

    static string State(SeedFile file) => $"Nothing of {file.Name} was written.";

    static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";

    // COPY vividshift_seed, line 3, column age: "abc". The words differ by the server's language, the order does not.
    [GeneratedRegex(
        @"vividshift_seed\b\D+(?<line>\d+)(\s*,[^:,""]*?\s(?<column>[^:\s""]+)\s*:)?",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex CopyContext();
}
