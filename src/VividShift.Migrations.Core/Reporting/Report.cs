namespace VividShift.Migrations.Reporting;

/// <summary>A report, before it takes a form.</summary>
/// <param name="Title">Its headline.</param>
/// <param name="Folder">The folder of the sources, absolute; files in it are named relative to it.</param>
/// <param name="Entries">Its rows in the order in which they came.</param>
public sealed record Report(string Title, string Folder, IReadOnlyList<ReportEntry> Entries)
{
    /// <summary>
    /// The report in a format: one text for a document, and for the commands of a build agent a text for each line, which may be none.
    /// Nothing in the entries can become a command of its own, in any format.
    /// </summary>
    public IReadOnlyList<string> Render(ReportFormat format)
    {
        var clean = this with { Title = ReportText.CleanLine(Title), Entries = [.. Entries.Select(entry => entry.Clean())] };
        return format switch
        {
            ReportFormat.Markdown => [Sealed(MarkdownReport.Render(clean))],
            ReportFormat.JUnit => [Sealed(JUnitReport.Render(clean))],
            ReportFormat.Sarif => [Sealed(SarifReport.Render(clean))],
            ReportFormat.AzureDevOps => AzureDevOpsReport.Render(clean),
            ReportFormat.GitHub => GitHubReport.Render(clean),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such format."),
        };
    }

    /// <summary>The entries by group, both in the order in which they came.</summary>
    internal IEnumerable<IGrouping<string, ReportEntry>> Groups => Entries.GroupBy(entry => entry.Group, StringComparer.Ordinal);

    // Two harmless pieces can make a command where they meet: a state of ":" before ": " at the beginning of a line.
    static string Sealed(string document) => BuildAgentText.Escape(document);
}

/// <summary>A form in which other programs read what was found or done.</summary>
public enum ReportFormat
{
    /// <summary>Tables for the summary of a job or a pull request.</summary>
    Markdown,

    /// <summary>JUnit's XML, for the test tab of a build.</summary>
    JUnit,

    /// <summary>SARIF 2.1.0, for code scanning.</summary>
    Sarif,

    /// <summary>Logging commands of Azure Pipelines, one line for each problem.</summary>
    AzureDevOps,

    /// <summary>Workflow commands of GitHub Actions, one line for each problem.</summary>
    GitHub,
}
