using System.Globalization;
using System.Text;

namespace VividShift.Migrations.Reporting;

/// <summary>
/// Text from files and databases on its way into a report. Everything a reader of lines could take for the end of one becomes a plain line
/// feed first, and what cannot be printed becomes U+FFFD, so that nothing that is dropped later can join two harmless halves.
/// </summary>
static class ReportText
{
    const char Replacement = '\uFFFD';

    /// <summary>The text with line feeds only, without control characters, and without any build agent's commands.</summary>
    public static string Clean(string text) => BuildAgentText.Escape(Printable(text, '\n'));

    /// <summary>The same on one line.</summary>
    public static string CleanLine(string text) => BuildAgentText.Escape(Printable(text, ' '));

    /// <summary><c>1.234</c>: seconds as JUnit writes them.</summary>
    public static string Seconds(TimeSpan duration) => duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    static string Printable(string text, char lineBreak)
    {
        var clean = new StringBuilder(text.Length);
        // Enumerating runes turns a lone half of a surrogate pair into U+FFFD.
        foreach (var rune in text.Replace("\r\n", "\n", StringComparison.Ordinal).EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or '\v' or '\f' or 0x85 or 0x2028 or 0x2029)
            {
                clean.Append(lineBreak);
            }
            else if (rune.Value is not '\t' && IsUnprintable(rune))
            {
                clean.Append(Replacement);
            }
            else
            {
                clean.Append(rune);
            }
        }

        return clean.ToString();
    }

    // Cf holds the marks that turn the direction of writing, by which a text can look like another one.
    static bool IsUnprintable(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format || (rune.Value & 0xFFFE) == 0xFFFE;
}
