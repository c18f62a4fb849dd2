using System.Globalization;

namespace VividShift.Migrations.Reporting;

/// <summary><c>::error file=…,line=…,col=…,title=…::message</c> for errors, warnings and notes; what is fine is not said.</summary>
static class GitHubReport
{
    public static IReadOnlyList<string> Render(Report report) =>
        [.. report.Entries.Where(entry => entry.Level != ReportLevel.Fine).Select(entry => Line(entry, report.Folder))];

    static string Line(ReportEntry entry, string folder)
    {
        var command = entry.Level switch
        {
            ReportLevel.Error => "error",
            ReportLevel.Warning => "warning",
            _ => "notice",
        };
        var properties = new[]
        {
            ("file", entry.Path is null ? null : ReportPath.Relative(entry.Path, folder)),
            ("line", entry.Line?.ToString(CultureInfo.InvariantCulture)),
            ("col", entry.Column?.ToString(CultureInfo.InvariantCulture)),
            ("title", entry.Rule),
        };
        var said = properties.Where(property => property.Item2 is not null).Select(property => $"{property.Item1}={Property(property.Item2!)}");
        return $"::{command} {string.Join(',', said)}::{Data(AnnotationText.Of(entry))}";
    }

    // The runner's own escapes (actions/toolkit, command.ts); the percent sign first.
    static string Data(string text) => text
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    static string Property(string text) => Data(text)
        .Replace(":", "%3A", StringComparison.Ordinal)
        .Replace(",", "%2C", StringComparison.Ordinal);
}
