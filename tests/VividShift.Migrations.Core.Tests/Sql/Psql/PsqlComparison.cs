using System.Text.RegularExpressions;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Core.Tests.Sql.Psql;

/// <summary>
/// Compares our statements with psql's. psql sends the comments around a statement and its semicolon, too, and leaves empty lines
/// out; nothing else may differ.
/// </summary>
static partial class PsqlComparison
{
    /// <summary>The first difference in words; null when there is none.</summary>
    public static string? Difference(string text, IReadOnlyList<SentStatement> sent)
    {
        var script = SqlScript.Parse(text);
        var ours = script.Statements;
        var theirs = sent.Where(statement => AfterBlanks(statement.Text).TrimStart(';').Length > 0).ToList();
        for (var i = 0; i < Math.Max(ours.Count, theirs.Count); i++)
        {
            var mine = i < ours.Count ? script.TextOf(ours[i]) : null;
            var data = i < ours.Count && ours[i].DataOffset is not null ? script.DataOf(ours[i]).ToString() : null;
            var psql = i < theirs.Count ? theirs[i] : null;
            if (mine is null || psql is null || !Same(mine, psql.Text) || !SameData(data, psql.Data))
            {
                return $"Statement {i + 1} of <{text}>\nours:   <{mine}> <{data}>\npsql's: <{psql?.Text}> <{psql?.Data}>\n";
            }
        }

        return null;
    }

    static bool Same(string ours, string theirs)
    {
        // What never ends takes the last line break with it, which psql does not read.
        var expected = EmptyLines().Replace(ours, "\n").TrimEnd('\n');
        var actual = AfterBlanks(EmptyLines().Replace(theirs, "\n")).ToString();
        return actual.StartsWith(expected, StringComparison.Ordinal)
            && AfterBlanks(actual.AsSpan(expected.Length)) is { } rest
            && (rest.IsEmpty || rest is ";");
    }

    // Up to version 17 psql sends the end mark with the data, and the server ends the data there.
    static bool SameData(string? ours, string? theirs) => ours == (theirs is null ? null : EndMark().Replace(theirs, string.Empty));

    // Written apart from the splitter on purpose: an oracle that shares its code proves nothing.
    static ReadOnlySpan<char> AfterBlanks(ReadOnlySpan<char> text)
    {
        while (true)
        {
            text = text.TrimStart(" \t\r\n\f\v");
            if (text.StartsWith("--"))
            {
                var end = text.IndexOfAny('\r', '\n');
                text = end < 0 ? [] : text[end..];
            }
            else if (text.StartsWith("/*"))
            {
                text = AfterComment(text);
            }
            else
            {
                return text;
            }
        }
    }

    static ReadOnlySpan<char> AfterComment(ReadOnlySpan<char> text)
    {
        var depth = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at..].StartsWith("/*"))
            {
                depth++;
                at++;
            }
            else if (text[at..].StartsWith("*/"))
            {
                at++;
                if (--depth == 0)
                {
                    return text[(at + 1)..];
                }
            }
        }

        return [];
    }

    [GeneratedRegex(@"(?<![^\n])\\\.\r?\n?\z", RegexOptions.None, 10_000)]
    private static partial Regex EndMark();

    [GeneratedRegex("\n+", RegexOptions.None, 10_000)]
    private static partial Regex EmptyLines();
}
