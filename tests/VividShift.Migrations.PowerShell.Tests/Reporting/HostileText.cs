using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using VividShift.Migrations.Reporting;

namespace VividShift.Migrations.PowerShell.Tests.Reporting;

/// <summary>A text that wants to be a command of every build agent and markup of every format, and the proof that it is neither.</summary>
static partial class HostileText
{
    /// <summary>What is left of it in every report that tells it.</summary>
    public const string Mark = "nobody obeys";

    /// <summary>The text.</summary>
    public const string Text =
        "##vso[task.complete]" + Mark + " <b>|`]]>\"'@team www.evil.example ##[error]x\r\n::error::y\n  ::stop-commands::z\u2028##teamcity[a]\u001b[2K";

    /// <summary>As a name in SQL: PostgreSQL has names of 63 bytes, of all characters.</summary>
    public const string SqlName = "\"##vso[task.complete]" + Mark + "\n::error::<b>y\"";

    /// <summary>Fails when the format is not well formed, or when anything in it but our own annotations is a command.</summary>
    public static void AssertHarmless(ReportFormat format, IReadOnlyList<string> report)
    {
        var text = string.Join('\n', report);
        foreach (var line in text.Split('\n', '\r', '\u2028', '\u0085'))
        {
            var said = format switch
            {
                ReportFormat.AzureDevOps => OwnAzureCommand().Replace(line, string.Empty),
                ReportFormat.GitHub => OwnGitHubCommand().Replace(line, string.Empty),
                _ => line,
            };
            Assert.DoesNotMatch("(?i)##(vso|teamcity)?\\[", said);
            Assert.False(line == said && line.TrimStart().StartsWith("::", StringComparison.Ordinal), line);
        }

        Assert.DoesNotContain('\u001b', text);
        AssertWellFormed(format, text, report);
    }

    static void AssertWellFormed(ReportFormat format, string text, IReadOnlyList<string> report)
    {
        switch (format)
        {
            case ReportFormat.Markdown:
                Assert.DoesNotMatch("<b>|@team|www\\.", Fence().Replace(text, string.Empty));
                break;
            case ReportFormat.JUnit:
                Assert.NotEmpty(XDocument.Parse(text).Descendants("testcase"));
                break;
            case ReportFormat.Sarif:
                using (var sarif = JsonDocument.Parse(text))
                {
                    Assert.Equal("2.1.0", sarif.RootElement.GetProperty("version").GetString());
                }

                break;
            default:
                Assert.All(report, line => Assert.Single(line.Split('\n', '\r')));
                break;
        }
    }

    [GeneratedRegex(
        @"^##vso\[task\.logissue type=(error|warning)(;(sourcepath|linenumber|columnnumber|code)=[^;\]]*)*\]",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex OwnAzureCommand();

    [GeneratedRegex("^::(error|warning|notice) ((file|line|col|title)=[^:,]*,?)+::", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex OwnGitHubCommand();

    [GeneratedRegex(@"\n(?<fence>`{3,})\n(.*\n)*?\k<fence>\n", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Fence();
}
