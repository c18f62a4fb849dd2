using System.Text.RegularExpressions;

namespace VividShift.Migrations.Engine.Backup.Archive;

/// <summary>
/// Definitions as pg_dump and pg_restore write them, taken apart so that two texts of the same definitions are equal: no comments, no
/// settings of the session, no tokens of the day, and no order.
/// </summary>
static partial class ArchiveSchema
{
    /// <summary>What one of the texts has and the other has not, by the headings of the definitions.</summary>
    /// <param name="expected">What there should be.</param>
    /// <param name="actual">What there is.</param>
    /// <param name="texts">False to compare the headings alone.</param>
    public static (IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected) Compare(string expected, string actual, bool texts = true)
    {
        var (wanted, found) = (Parts(expected), Parts(actual));
        if (!texts)
        {
            (wanted, found) = (Headings(wanted), Headings(found));
        }

        return (Beyond(wanted, found), Beyond(found, wanted));
    }

    static List<string> Beyond(IReadOnlyList<(string Heading, string Text)> one, IReadOnlyList<(string Heading, string Text)> other)
    {
        var rest = other.GroupBy(part => part).ToDictionary(group => group.Key, group => group.Count());
        var beyond = new List<string>();
        foreach (var part in one)
        {
            if (rest.GetValueOrDefault(part) is var count and > 0)
            {
                rest[part] = count - 1;
            }
            else
            {
                beyond.Add(part.Heading);
            }
        }

        return beyond;
    }

    // Up to 13 a partition is attached by its table's definition, since then by one of its own.
    static List<(string Heading, string Text)> Headings(List<(string Heading, string Text)> parts) =>
    [
        .. parts.Where(part => !part.Heading.StartsWith("TABLE ATTACH ", StringComparison.Ordinal)).Select(part => (part.Heading, "")),
    ];

    static List<(string Heading, string Text)> Parts(string text)
    {
        var parts = new List<(string, string)>();
        var (heading, lines) = ("settings", new List<string>());
        foreach (var line in text.Split('\n'))
        {
            if (HeadingPattern().Match(line) is { Success: true } match)
            {
                Close();
                (heading, lines) = ($"{match.Groups["type"].Value} {match.Groups["schema"].Value}.{match.Groups["name"].Value}", []);
            }
            else if (line.Length > 0 && !line.StartsWith("--", StringComparison.Ordinal) && !Passing().IsMatch(line))
            {
                lines.Add(line);
            }
        }

        Close();
        return parts;

        void Close()
        {
            if (lines.Count > 0 && !IsData(heading))
            {
                parts.Add((heading, Rewritable().Replace(string.Join('\n', lines), "")));
            }
        }
    }

    // pg_restore counts the order to fill a view, and empty large objects, among the definitions; pg_dump does not.
    static bool IsData(string heading) =>
        heading.StartsWith("MATERIALIZED VIEW DATA", StringComparison.Ordinal) || heading.StartsWith("BLOB", StringComparison.Ordinal);

    [GeneratedRegex("^-- Name: (?<name>.*); Type: (?<type>.*); Schema: (?<schema>.*); Owner: .*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HeadingPattern();

    // What PostgreSQL writes otherwise once it has read its own text: x IN ('a', 'b') over varchar comes out as a cast of the array, and,
    // restored, as an array of casts. Neither says more than the other.
    [GeneratedRegex("""::("[^"]+"|character varying|double precision|time(stamp)? with(out)? time zone|[\w.]+)(\(\d+(,\d+)?\))?(\[\])*|[\s()]+""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10000)]
    private static partial Regex Rewritable();

    // Said before the first object that needs it, whichever that is.
    [GeneratedRegex(@"^(\\(un)?restrict |SET default_tablespace|SET default_table_access_method|SET [a-z_]+ = |SELECT pg_catalog\.set_config\('search_path')", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Passing();
}
