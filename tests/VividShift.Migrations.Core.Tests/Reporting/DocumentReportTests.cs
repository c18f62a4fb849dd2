using System.Text.Json;
using VividShift.Migrations.Reporting;

namespace VividShift.Migrations.Core.Tests.Reporting;

public sealed class DocumentReportTests
{
    [Fact]
    public void Markdown_has_a_summary_and_a_table_for_each_group() => Assert.Equal(
        """
        ## Shop

        **2 errors**, 1 warning, 1 note, 1 applied, 1 pending, 1.5 s.

        ### Findings

        | State | What | Message | Where |
        | --- | --- | --- | --- |
        | ❌ Error | DuplicateVersion | Two files claim version 1. Rename one; 100% safe. | migrations/0001\_a b;\]\#.sql:3:7 |
        | ⚠️ Warning | ForeignKeyWithoutIndex | orders.user\_id has no index. | public.orders |
        | ℹ️ Information | NoDownScript | It cannot be undone. | /elsewhere/0002\_b.sql |

        ### Migrations

        | State | What | Where | Duration | Database |
        | --- | --- | --- | --- | --- |
        | ✅ Applied | 1 users | migrations/0001\_users.sql | 12 ms | shop@&#8203;db:5432 |
        | ⏳ Pending | 2 orders |  |  | shop@&#8203;db:5432 |

        ### Errors

        | State | What | Message | Where | Duration |
        | --- | --- | --- | --- | --- |
        | ❌ Error | 3 notes | Migration 3 (notes) failed. | migrations/0003\_notes.sql:1:8 | 1.5 s |

        <details><summary>3 notes</summary>

        ````
        Migration 3 (notes) failed.
          SELECT ```x``` FROM y
                 ^
        ````

        </details>

        """,
        Document(ReportFormat.Markdown, Rows.All));

    [Fact]
    public void JUnit_fails_errors_and_skips_what_is_still_to_be_done()
    {
        var xml = JUnitSchema.Validate(Document(ReportFormat.JUnit, Rows.All));

        Assert.Equal(["Findings", "Migrations", "Errors"], Names("/testsuites/testsuite"));
        Assert.Equal(["DuplicateVersion", "3 notes"], Names("//testcase[failure]"));
        Assert.Equal(["2 orders"], Names("//testcase[skipped]"));
        Assert.Equal(["ForeignKeyWithoutIndex", "NoDownScript"], Names("//testcase[system-out]"));
        Assert.Equal("6", xml.DocumentElement!.GetAttribute("tests"));
        Assert.Equal("2", xml.DocumentElement.GetAttribute("failures"));
        Assert.Equal("1.512", xml.DocumentElement.GetAttribute("time"));
        Assert.Equal("1", xml.SelectSingleNode("//testsuite[@name='Migrations']/@skipped")!.Value);
        Assert.Contains("SELECT ```x``` FROM y", xml.SelectSingleNode("//testcase[@name='3 notes']/failure")!.InnerText, StringComparison.Ordinal);

        IEnumerable<string> Names(string path) =>
            xml.SelectNodes(path)!.Cast<System.Xml.XmlElement>().Select(element => element.GetAttribute("name"));
    }

    [Fact]
    public void Sarif_names_rules_and_places()
    {
        using var json = JsonDocument.Parse(Document(ReportFormat.Sarif, Rows.All));

        Assert.Equal("2.1.0", json.RootElement.GetProperty("version").GetString());
        var run = json.RootElement.GetProperty("runs")[0];
        Assert.Equal("unicodeCodePoints", run.GetProperty("columnKind").GetString());
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(
            rule => rule.GetProperty("id").GetString())
            .ToList();
        Assert.Equal(["DuplicateVersion", "ForeignKeyWithoutIndex", "NoDownScript", "MigrationFailed"], rules);
        var results = run.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["error", "warning", "note", "error"], results.Select(result => result.GetProperty("level").GetString()));
        Assert.All(results, result => Assert.Equal(result.GetProperty("ruleId").GetString(), rules[result.GetProperty("ruleIndex").GetInt32()]));
        var place = results[0].GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("migrations/0001_a%20b%3B%5D%23.sql", place.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal("%SRCROOT%", place.GetProperty("artifactLocation").GetProperty("uriBaseId").GetString());
        Assert.Equal((3, 7), (
            place.GetProperty("region").GetProperty("startLine").GetInt32(),
            place.GetProperty("region").GetProperty("startColumn").GetInt32()));
        Assert.Equal(
            "public.orders",
            results[1].GetProperty("locations")[0].GetProperty("logicalLocations")[0].GetProperty("fullyQualifiedName").GetString());
        var outside = results[2].GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation");
        Assert.Equal("file:///elsewhere/0002_b.sql", outside.GetProperty("uri").GetString());
        Assert.False(outside.TryGetProperty("uriBaseId", out _));
    }

    [Fact]
    public void Nothing_makes_an_empty_valid_report()
    {
        Assert.Equal("## Shop\n\nNothing to report.\n", Document(ReportFormat.Markdown));
        Assert.Equal("0", JUnitSchema.Validate(Document(ReportFormat.JUnit)).DocumentElement!.GetAttribute("tests"));
        using var json = JsonDocument.Parse(Document(ReportFormat.Sarif));
        Assert.Empty(json.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray());
        Assert.Empty(Rows.Render(ReportFormat.AzureDevOps));
        Assert.Empty(Rows.Render(ReportFormat.GitHub));
    }

    static string Document(ReportFormat format, params ReportEntry[] entries) => Assert.Single(Rows.Render(format, entries));
}
