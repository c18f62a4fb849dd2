using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Planning;

/// <summary>
/// About how many locks a transaction over several scripts keeps until its end. Counted from the text: a new table also locks its TOAST
/// table and that one's index, and each key and serial column brings a relation of its own.
/// </summary>
public static class LockCountEstimator
{
    const int NewTable = 3;

    static readonly string[] Keys = ["PRIMARY KEY", "UNIQUE", "EXCLUDE", "SERIAL", "AS IDENTITY"];

    /// <summary>The estimate for steps that run in one transaction; leans towards too many.</summary>
    public static long Of(IEnumerable<PlanStep> steps)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        var created = 0L;
        foreach (var step in steps)
        {
            foreach (var statement in step.Script.Body)
            {
                named.UnionWith(statement.Relations);
                created += Created(step.Script, statement);
            }
        }

        return created + named.Count;
    }

    static long Created(SqlScript script, SqlStatement statement)
    {
        if (statement.Command.StartsWith("CREATE", StringComparison.Ordinal) && statement.Command.Contains("INDEX", StringComparison.Ordinal))
        {
            return 1;
        }

        var makesTable = statement.Command is "CREATE TABLE" or "CREATE TABLE AS" or "CREATE MATERIALIZED VIEW";
        if (!makesTable && !statement.Command.StartsWith("ALTER TABLE", StringComparison.Ordinal))
        {
            return 0;
        }

        var text = script.Text.AsSpan(statement.Offset, statement.Length);
        var relations = makesTable ? NewTable : 0L;
        foreach (var key in Keys)
        {
            relations += Occurrences(text, key);
        }

        return relations;
    }

    static int Occurrences(ReadOnlySpan<char> text, string word)
    {
        var count = 0;
        for (var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase))
        {
            count++;
            text = text[(at + word.Length)..];
        }

        return count;
    }
}
