using System.Globalization;
using Npgsql;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Rules;

/// <summary>
/// Runs a check of the project's own. It sees the names that the role's own queries see. A cursor, so that a million bad rows are counted by the
/// server and not sent here.
/// </summary>
sealed class ProjectCheck(CheckFile file) : IHealthCheck
{
    const int RowsShown = 3;
    const int LongestValue = 60;
    const string Cursor = "DECLARE vividshift_check NO SCROLL CURSOR FOR ";

    public string Title => $"what '{Path.GetFileName(file.Path)}' finds";

    public HealthGroup Group => HealthGroup.Project;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        if (file.Problem is { } problem)
        {
            findings.Add(problem);
            return;
        }

        try
        {
            if (await context.InTransactionAsync(null, () => CountAsync(context, cancellationToken), cancellationToken) is { Rows: > 0 } found)
            {
                findings.Add(Describe(found.Rows, found.First));
            }
        }
        catch (PostgresException e) when (CheckFailure.IsMistake(e, cancellationToken))
        {
            findings.Add(Mistake(e));
        }
    }

    async Task<(long Rows, List<string> First)> CountAsync(HealthContext context, CancellationToken cancellationToken)
    {
        await using var opening = context.Batch("SET LOCAL cursor_tuple_fraction = 1", Cursor + file.Script.TextOf(file.Script.Statements[0]));
        await opening.ExecuteNonQueryAsync(cancellationToken);
        List<string> first = [];
        await using (var fetch = context.TextCommand(FormattableString.Invariant($"FETCH {RowsShown} FROM vividshift_check")))
        {
            await using var reader = await fetch.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                first.Add(string.Join(", ", Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetName(i)} = {Value(reader, i)}")));
            }
        }

        await using var rest = context.Batch("MOVE FORWARD ALL FROM vividshift_check");
        await rest.ExecuteNonQueryAsync(cancellationToken);
        return (first.Count + (long)rest.BatchCommands[0].Rows, first);
    }

    Finding Describe(long rows, List<string> first) =>
        new(file.Name, file.Severity, file.Message ?? $"The check '{file.Name}' found rows that should not be there.")
        {
            Location = new(file.Path),
            Evidence = string.Create(
                CultureInfo.InvariantCulture, $"{HumanReadable.Rows(rows)}{(rows > first.Count ? ", such as" : ":")} {string.Join("; ", first.Select(row => $"({row})"))}."),
            FixSql = file.FixSql,
            RecommendedAction = file.FixSql is null ? $"See all of them: run the query of {Path.GetFileName(file.Path)}." : null,
        };

    Finding Mistake(PostgresException error)
    {
        var statement = file.Script.Statements[0];
        var position = error.Position - Cursor.Length;
        var offset = position > 0 ? file.Script.OffsetOf(statement, position) : statement.Offset;
        return file.Invalid(offset, $"{error.MessageText} (SQLSTATE {error.SqlState}).", error.Hint ?? "Fix the query.");
    }

    static string Value(NpgsqlDataReader reader, int column)
    {
        if (reader.IsDBNull(column))
        {
            return "null";
        }

        var text = reader.GetString(column);
        return text.Length > LongestValue ? text[..LongestValue] + "..." : text;
    }
}
