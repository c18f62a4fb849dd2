using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class ConvertToVsReportTests
{
    [Fact]
    public async Task Results_statuses_plan_and_an_error_make_one_report()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Folder.Add("0004_broken.sql", "SELECT 1;\nSELECT nonsense;\n");

        var run = fixture.Run(
            """
            $plan = Get-VsMigrationPlan
            try { Invoke-VsMigration -OutVariable done > $null } catch { $failed = $_ }
            @($plan) + @($done) + @($failed) + @(Get-VsMigrationStatus) | ConvertTo-VsReport Markdown -Title Release
            """).WithoutErrors();

        var text = Assert.Single(run.OutputOf<string>());
        Assert.StartsWith("## Release\n\n**1 error**, 4 apply, 6 applied, 1 pending", text, StringComparison.Ordinal);
        Assert.Contains("| ❌ Error | 4 broken | Migration 4 (broken) failed at ", text, StringComparison.Ordinal);
        Assert.Contains("0004\\_broken.sql:2:8 |", text, StringComparison.Ordinal);
        Assert.Contains("SELECT nonsense;", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Findings_annotate_a_build_by_a_path_relative_to_the_sources()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("0001_a.sql", "SELECT 1;\n");
        fixture.Folder.Add("0001_b.sql", "SELECT 1;\n");

        var lines = fixture.Run("Test-VsMigration | ConvertTo-VsReport -As GitHub").WithoutErrors().OutputOf<string>();

        Assert.Contains(lines, line => line.StartsWith("::error file=0001_b.sql,", StringComparison.Ordinal) && line.Contains(
            "title=DuplicateVersion::", StringComparison.Ordinal));
        var parent = fixture.Run("Test-VsMigration | ConvertTo-VsReport -As GitHub -SourceRoot ..").WithoutErrors().OutputOf<string>();
        Assert.Contains(parent, line => line.StartsWith($"::error file={Path.GetFileName(fixture.Folder.Path)}/0001_b.sql,", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Markdown", 1)]
    [InlineData("JUnit", 1)]
    [InlineData("Sarif", 1)]
    [InlineData("AzureDevOps", 0)]
    [InlineData("GitHub", 0)]
    public void Nothing_on_the_pipeline_makes_an_empty_report(string format, int texts)
    {
        using var session = new PowerShellSession();

        Assert.Equal(texts, session.Run($"@() | ConvertTo-VsReport -As {format}").WithoutErrors().Output.Count);
        Assert.Equal(texts, session.Run($"$null | ConvertTo-VsReport -As {format}").WithoutErrors().Output.Count);
    }

    [Theory]
    [InlineData("'text'", "System.String", "leave out -AsSql")]
    [InlineData("$false", "System.Boolean", "leave out -Quiet")]
    [InlineData("[IO.FileInfo]'readme.md'", "System.IO.FileInfo", "no migration's file by its name")]
    [InlineData("[guid]::Empty", "System.Guid", "It takes findings")]
    public void What_it_does_not_take_ends_it_with_an_error_that_says_why_and_what_it_takes(string item, string type, string reason)
    {
        using var session = new PowerShellSession();

        var error = session.Run($"{item} | ConvertTo-VsReport -As JUnit").OnlyError();

        Assert.StartsWith("ReportInputUnknown,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(type, error.ToString(), StringComparison.Ordinal);
        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
        Assert.Contains("findings", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_of_another_command_is_a_row_under_its_own_id()
    {
        using var session = new PowerShellSession();

        var line = Assert.Single(
            session.Run("try { throw \"a`n##vso[task.complete]\" } catch { $_ | ConvertTo-VsReport -As AzureDevOps }")
                .WithoutErrors().OutputOf<string>());

        Assert.StartsWith("##vso[task.logissue type=error;code=a", line, StringComparison.Ordinal);
        Assert.DoesNotContain("##vso[task.complete", line, StringComparison.Ordinal);
    }
}
