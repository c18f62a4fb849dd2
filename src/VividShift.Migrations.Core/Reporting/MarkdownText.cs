using System.Text;

namespace VividShift.Migrations.Reporting;

/// <summary>Text that shows as itself in Markdown: no markup, no HTML, no table cell of its own, no link, and nobody is notified.</summary>
static class MarkdownText
{
    const string Invisible = "&#8203;";

    /// <summary>For one cell or heading.</summary>
    public static string Escape(string text) => Escape(text, markup: true);

    /// <summary>For an element of HTML, where a backslash would show.</summary>
    public static string EscapeHtml(string text) => Escape(text, markup: false);

    /// <summary>As a block that is shown as it is, within a fence longer than any run of backticks in it.</summary>
    public static string Fence(string text)
    {
        var (longest, run) = (2, 0);
        foreach (var letter in text)
        {
            run = letter == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', longest + 1);
        return $"{fence}\n{text}\n{fence}";
    }

    static string Escape(string text, bool markup)
    {
        var escaped = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            escaped.Append(letter switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '@' => "@" + Invisible,
                ':' when text.AsSpan(i + 1).StartsWith("//", StringComparison.Ordinal) => ":" + Invisible,
                '.' when i >= 3 && text.AsSpan(i - 3, 3).Equals("www", StringComparison.OrdinalIgnoreCase) => Invisible + ".",
                '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '~' or '#' or '!' or '$' when markup => $"\\{letter}",
                _ => letter.ToString(),
            });
        }

        return escaped.ToString();
    }
}
