using System.Globalization;

namespace VividShift.Migrations.Reporting;

/// <summary>
/// <c>##vso[task.logissue type=error;sourcepath=…;linenumber=…;code=…]message</c> for errors and warnings. Azure Pipelines knows no lesser
/// issue, so notes are plain lines of the log; what is fine is not said.
/// </summary>
static class AzureDevOpsReport
{
    public static IReadOnlyList<string> Render(Report report) =>
        [.. report.Entries.Where(entry => entry.Level != ReportLevel.Fine).Select(entry => Line(entry, report.Folder))];

    static string Line(ReportEntry entry, string folder)
    {
        if (entry.Level == ReportLevel.Note)
        {
            return ReportText.CleanLine($"{entry.Rule}: {AnnotationText.Of(entry)}");
        }

        var properties = new[]
        {
            ("type", entry.Level == ReportLevel.Error ? "error" : "warning"),
            ("sourcepath", entry.Path is null ? null : ReportPath.Absolute(entry.Path, folder)),
            ("linenumber", entry.Line?.ToString(CultureInfo.InvariantCulture)),
            ("columnnumber", entry.Column?.ToString(CultureInfo.InvariantCulture)),
            ("code", entry.Rule),
        };
        var said = properties.Where(property => property.Item2 is not null).Select(property => $"{property.Item1}={Property(property.Item2!)}");
        return $"##vso[task.logissue {string.Join(';', said)}]{Data(AnnotationText.Of(entry))}";
    }

    // The agent's own escapes (azure-pipelines-agent, CommandStringConvertor); the percent sign first.
    static string Data(string text) => text
        .Replace("%", "%AZP25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    static string Property(string text) => Data(text)
        .Replace(";", "%3B", StringComparison.Ordinal)
        .Replace("]", "%5D", StringComparison.Ordinal);
}

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

/// <summary>What an annotation says, where there is no room for columns.</summary>
static class AnnotationText
{
    /// <summary>What it is about and what there is to say; neither twice.</summary>
    public static string Of(ReportEntry entry) => BuildAgentText.Escape((entry.Title, entry.Message) switch
    {
        (var title, "") => $"{title}: {entry.State}",
        (var title, var message) when message.Contains(title, StringComparison.Ordinal) => message,
        (var title, var message) => $"{title}: {message}",
    });
}
