using System.Text.RegularExpressions;
using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests.Guide;

/// <summary>A row of a table of <c>docs/from-the-guide.md</c>.</summary>
/// <param name="Heading">The section it stands in.</param>
/// <param name="Line">The line of the page, from 1.</param>
/// <param name="Before">How it was done.</param>
/// <param name="Now">The commands that take its place, as a user types them; empty when the cell is prose.</param>
public sealed record GuideRow(string Heading, int Line, string Before, string Now);

/// <summary>The page that says for every command of the guide what takes its place.</summary>
static partial class GuidePage
{
    /// <summary>All rows, in their order.</summary>
    public static IReadOnlyList<GuideRow> Rows { get; } = [.. Read()];

    static IEnumerable<GuideRow> Read()
    {
        var heading = "";
        var number = 0;
        foreach (var line in File.ReadLines(BuildFacts.Of("GuidePage")))
        {
            number++;
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                heading = line[3..];
            }
            else if (line.StartsWith("| ", StringComparison.Ordinal) && Cells(line) is [var before, var now] && before is not "before")
            {
                // A cell that begins with words is prose, and what it quotes is no command.
                var commands = now.StartsWith('`') ? Code().Matches(now).Select(match => match.Groups["code"].Value) : [];
                yield return new(heading, number, before, string.Join("; ", commands));
            }
        }
    }

    static string[] Cells(string line) =>
        [.. Bar().Split(line.Trim().Trim('|')).Select(cell => cell.Trim().Replace("\\|", "|", StringComparison.Ordinal))];

    [GeneratedRegex(@"(?<!\\)\|", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Bar();

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}
