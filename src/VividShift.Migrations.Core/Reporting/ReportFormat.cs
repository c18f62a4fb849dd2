namespace VividShift.Migrations.Reporting;

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
