using System.Globalization;
using System.Text;

namespace VividShift.Migrations.Reporting;

/// <summary>
/// A summary line and a table for each group, in the Markdown that GitHub and Azure DevOps both show. Messages of several lines, such as an
/// error with the line of SQL and its caret, follow the table as they are.
/// </summary>
static class MarkdownReport
{
    sealed record Column(string Header, Func<ReportEntry, string> Cell);

    public static string Render(Report report)
    {
        var text = new StringBuilder();
        text.Append("## ").Append(MarkdownText.Escape(report.Title)).Append("\n\n").Append(Summary(report)).Append('\n');
        foreach (var group in report.Groups)
        {
            text.Append("\n### ").Append(MarkdownText.Escape(group.Key)).Append("\n\n");
            AppendTable(text, [.. group], report.Folder);
            foreach (var entry in group.Where(entry => entry.Message.Contains('\n', StringComparison.Ordinal)))
            {
                text.Append("\n<details><summary>").Append(MarkdownText.EscapeHtml(entry.Title)).Append("</summary>\n\n")
                    .Append(MarkdownText.Fence(entry.Message)).Append("\n\n</details>\n");
            }
        }

        return text.ToString();
    }

    static string Summary(Report report)
    {
        if (report.Entries.Count == 0)
        {
            return "Nothing to report.";
        }

        var errors = report.Entries.Count(entry => entry.Level == ReportLevel.Error);
        var parts = new List<string> { errors == 0 ? "no error" : $"**{Count(errors, "error")}**" };
        Add(report.Entries.Count(entry => entry.Level == ReportLevel.Warning), "warning");
        Add(report.Entries.Count(entry => entry.Level == ReportLevel.Note), "note");
        parts.AddRange(report.Entries
            .Where(entry => entry.Level == ReportLevel.Fine)
            .GroupBy(entry => entry.State, StringComparer.Ordinal)
            .Select(state => FormattableString.Invariant($"{state.Count()} {MarkdownText.Escape(state.Key.ToLowerInvariant())}")));
        var total = report.Entries.Aggregate(TimeSpan.Zero, (sum, entry) => sum + (entry.Duration ?? TimeSpan.Zero));
        return string.Join(", ", parts) + (total > TimeSpan.Zero ? $", {HumanReadable.Duration(total)}." : ".");

        void Add(int count, string word)
        {
            if (count > 0)
            {
                parts.Add(Count(count, word));
            }
        }
    }

    static string Count(int count, string word) => string.Create(CultureInfo.InvariantCulture, $"{count} {word}{(count == 1 ? "" : "s")}");

    static void AppendTable(StringBuilder text, List<ReportEntry> entries, string folder)
    {
        Column[] all =
        [
            new("State", entry => $"{Symbol(entry)} {MarkdownText.Escape(entry.State)}"),
            new("What", entry => MarkdownText.Escape(entry.Title)),
            new("Message", entry => MarkdownText.Escape(entry.FirstLine)),
            new("Where", entry => MarkdownText.Escape(Place(entry, folder))),
            new("Duration", entry => HumanReadable.Duration(entry.Duration)),
            new("Database", entry => MarkdownText.Escape(entry.Database ?? string.Empty)),
        ];
        var columns = all.Where(column => entries.Exists(entry => column.Cell(entry).Length > 0)).ToList();
        AppendRow(text, columns.Select(column => column.Header));
        AppendRow(text, columns.Select(_ => "---"));
        foreach (var entry in entries)
        {
            AppendRow(text, columns.Select(column => column.Cell(entry)));
        }
    }

    static void AppendRow(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    static string Place(ReportEntry entry, string folder) => entry switch
    {
        { Path: null } => entry.DatabaseObject ?? string.Empty,
        { Line: null } => ReportPath.Relative(entry.Path, folder),
        _ => FormattableString.Invariant($"{ReportPath.Relative(entry.Path, folder)}:{entry.Line}:{entry.Column ?? 1}"),
    };

    static string Symbol(ReportEntry entry) => entry.Level switch
    {
        ReportLevel.Error => "❌",
        ReportLevel.Warning => "⚠️",
        ReportLevel.Note => "ℹ️",
        _ => entry.Waiting ? "⏳" : "✅",
    };
}

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
