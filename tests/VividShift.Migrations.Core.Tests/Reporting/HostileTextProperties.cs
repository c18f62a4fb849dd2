using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using VividShift.Migrations.Reporting;

namespace VividShift.Migrations.Core.Tests.Reporting;

/// <summary>Whatever stands in a database or a file, a report shows it and obeys none of it.</summary>
public sealed partial class HostileTextProperties
{
    static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(500);

    static readonly string[] Weapons =
    [
        "##vso[task.setvariable variable=a]b", "##", "vso[", "[", "##[error]", "##VSO[task.complete]", "##teamcity[buildProblem]",
        "::error::x", "::", ":", "::stop-commands::x",
        "\n", "\r", "\r\n", "\v", "\f", "\u0085", "\u2028", "\u2029", "\0", "\u0001", "\u001b[2K", "\u200b",
        "\u202e", "\ufeff", "\uffff", "\ud800", "\udc00", "😀",
        "|", "\\", "\\|", "`", "````", "<script>alert(1)</script>", "<!--", "-->", "</details>", "]]>",
        "&#10;", "&", "\"", "'", "@team", "https://evil.example", "www.evil.example",
        "![x](y)", "[x](y)", "%0A", "%25", "%AZP25", "%0A::error::x", ";", "]", ",", " ", "\t", "a", "DROP TABLE", "$x$", "*", "_",
    ];

    static readonly Arbitrary<ReportEntry[]> Hostile = Entries().ToArbitrary();

    [Fact]
    public void Azure_lines_are_one_command_of_ours_or_none() => Check(entries =>
    {
        var lines = Rows.Render(ReportFormat.AzureDevOps, entries);
        Assert.Equal(entries.Count(entry => entry.Level != ReportLevel.Fine), lines.Count);
        Assert.All(lines, line =>
        {
            Assert.DoesNotContain('\n', line);
            Assert.DoesNotContain('\r', line);
            if (AzureCommand().Match(line) is { Success: true } command)
            {
                // The agent splits at the first bracket and at every semicolon.
                Assert.All(
                    command.Groups["properties"].Value.Split(';'),
                    property => Assert.Matches("^(type|sourcepath|linenumber|columnnumber|code)=", property));
                AssertNoCommand(command.Groups["message"].Value);
            }
            else
            {
                AssertNoCommand(line);
            }
        });
    });

    [Fact]
    public void GitHub_lines_are_one_command_of_ours() => Check(entries =>
    {
        var lines = Rows.Render(ReportFormat.GitHub, entries);
        Assert.Equal(entries.Count(entry => entry.Level != ReportLevel.Fine), lines.Count);
        Assert.All(lines, line =>
        {
            var command = GitHubCommand().Match(line);
            Assert.True(command.Success, line);
            Assert.All(command.Groups["properties"].Value.Split(','), property => Assert.Matches("^(file|line|col|title)=[^:]*$", property));
            Assert.DoesNotContain("##[", line, StringComparison.Ordinal);
        });
    });

    [Fact]
    public void Sarif_is_json_without_commands() => Check(entries =>
    {
        var text = Rows.Render(ReportFormat.Sarif, entries)[0];
        using var json = JsonDocument.Parse(text);
        Assert.Equal(
            entries.Count(entry => entry.Level != ReportLevel.Fine),
            json.RootElement.GetProperty("runs")[0].GetProperty("results").GetArrayLength());
        AssertNoCommand(text);
    });

    [Fact]
    public void JUnit_is_xml_without_commands() => Check(entries =>
    {
        var text = Rows.Render(ReportFormat.JUnit, entries)[0];
        Assert.Equal(entries.Length, JUnitSchema.Validate(text).SelectNodes("//testcase")!.Count);
        AssertNoCommand(text);
    });

    [Fact]
    public void Markdown_keeps_its_tables_and_has_no_markup_of_others() => Check(entries =>
    {
        var text = Rows.Render(ReportFormat.Markdown, entries)[0];
        AssertNoCommand(text);
        var html = Details().Matches(text);
        Assert.All(html, block => Assert.DoesNotMatch("[<>]|@[a-z]|://", block.Groups["title"].Value));
        var tables = Details().Replace(text, "");
        var groups = entries.Select(entry => entry.Group).Distinct().Count();
        var rows = tables.Split('\n').Where(line => line.StartsWith('|')).ToList();
        Assert.Equal(entries.Length + (2 * groups), rows.Count);
        Assert.All(
            tables.Split("\n\n").Where(block => block.StartsWith('|')),
            table => Assert.Single(table.TrimEnd('\n').Split('\n').Select(row => CellEnd().Count(row)).Distinct()));
        Assert.DoesNotMatch("@[a-z]|://|www\\.|[<>]", tables);
        Assert.DoesNotMatch(@"(?<!\\)(\\\\)*[`\[\]!$]", tables);
    });

    // What the agents look for: Azure and TeamCity anywhere in a line, GitHub after leading white space.
    static void AssertNoCommand(string text)
    {
        Assert.DoesNotMatch("(?i)##(vso|teamcity)?\\[", text);
        Assert.All(text.Split('\n', '\r'), line => Assert.False(line.TrimStart().StartsWith("::", StringComparison.Ordinal), line));
    }

    static Gen<ReportEntry[]> Entries()
    {
        var text = Gen.Elements(Weapons).ListOf().Select(string.Concat);
        var entry =
            from rule in text
            from title in text
            from message in text
            from path in text
            from thing in text
            from level in Gen.Elements(Enum.GetValues<ReportLevel>())
            from waiting in Gen.Elements(true, false)
            from line in Gen.Elements<int?>(null, 1, 7)
            select new ReportEntry(waiting ? "Findings" : "Migrations", rule, level, title, message)
            {
                State = thing,
                Waiting = waiting,
                Path = path.Length == 0 ? null : path,
                Line = line,
                DatabaseObject = thing,
                Database = thing,
            };
        return entry.ArrayOf();
    }

    static void Check(Action<ReportEntry[]> property) => Prop.ForAll(Hostile, property).Check(Many);

    [GeneratedRegex(@"^##vso\[task\.logissue (?<properties>[^\]]*)\](?<message>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex AzureCommand();

    [GeneratedRegex(@"^::(?:error|warning|notice) (?<properties>.*?)::.*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex GitHubCommand();

    [GeneratedRegex(
        @"\n<details><summary>(?<title>.*)</summary>\n\n(?<fence>`{3,})\n(.*\n)*?\k<fence>\n\n</details>\n",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex Details();

    // GitHub's rule: a pipe ends a cell unless a backslash stands right before it.
    [GeneratedRegex(@"(?<!\\)\|", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex CellEnd();
}
