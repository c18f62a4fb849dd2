using System.Text.RegularExpressions;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Restore.Rollback;

/// <summary>What down scripts destroy, read from their text. What they do by way of functions and DO blocks cannot be read.</summary>
static partial class RollbackDataLosses
{
    /// <summary>The statement, what it is about, and the table whose rows are lost with it.</summary>
    public readonly record struct Found(long Version, string What, string Object, string Table);

    /// <summary>Reads the steps in order.</summary>
    public static IEnumerable<Found> In(IEnumerable<PlanStep> steps) => steps.SelectMany(step => In(step.Version, step.Script));

    internal static IEnumerable<Found> In(long version, SqlScript script)
    {
        foreach (var statement in script.Body)
        {
            if (statement.Command is "DROP TABLE" or "TRUNCATE" or "DELETE")
            {
                foreach (var table in statement.Relations)
                {
                    yield return new(version, statement.Command, table, table);
                }
            }
            else if (statement.Command == "ALTER TABLE" && statement.Relations.Count > 0)
            {
                foreach (Match match in DropColumn().Matches(script.TextOf(statement)))
                {
                    var column = match.Groups["name"].Value;
                    yield return new(version, "DROP COLUMN", $"{statement.Relations[0]}.{column}", statement.Relations[0]);
                }
            }
            else if (statement.Command == "DROP SCHEMA")
            {
                yield return new(version, statement.Command, string.Join(' ', script.TextOf(statement).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[2..]), string.Empty);
            }
        }
    }

    // DROP CONSTRAINT, DEFAULT, NOT NULL, IDENTITY and EXPRESSION take no rows with them.
    [GeneratedRegex(
        """\bDROP\s+(?!(CONSTRAINT|DEFAULT|NOT|IDENTITY|EXPRESSION)\b)(COLUMN\s+)?(IF\s+EXISTS\s+)?(?<name>"([^"]|"")+"|\w+)""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex DropColumn();
}
