using VividShift.Migrations.Reporting;

namespace VividShift.Migrations.Core.Tests.Reporting;

public sealed class AgentReportTests
{
    [Fact]
    public void Azure_gets_a_logging_command_for_each_problem_and_a_plain_line_for_a_note() => Assert.Equal(
        [
            "##vso[task.logissue type=error;sourcepath=/srv/shop/migrations/0001_a b%3B%5D#.sql;linenumber=3;columnnumber=7;code=DuplicateVersion]"
                + "DuplicateVersion: Two files claim version 1. Rename one; 100%AZP25 safe.",
            "##vso[task.logissue type=warning;code=ForeignKeyWithoutIndex]ForeignKeyWithoutIndex: orders.user_id has no index.",
            "NoDownScript: NoDownScript: It cannot be undone.",
            "##vso[task.logissue type=error;sourcepath=/srv/shop/migrations/0003_notes.sql;linenumber=1;columnnumber=8;code=MigrationFailed]"
                + "3 notes: Migration 3 (notes) failed.%0A  SELECT ```x``` FROM y%0A         ^",
        ],
        Rows.Render(ReportFormat.AzureDevOps, Rows.All));

    [Fact]
    public void GitHub_gets_an_annotation_for_each_problem_and_note() => Assert.Equal(
        [
            "::error file=migrations/0001_a b;]#.sql,line=3,col=7,title=DuplicateVersion::DuplicateVersion: Two files claim version 1. Rename one; 100%25 safe.",
            "::warning title=ForeignKeyWithoutIndex::ForeignKeyWithoutIndex: orders.user_id has no index.",
            "::notice file=/elsewhere/0002_b.sql,title=NoDownScript::NoDownScript: It cannot be undone.",
            "::error file=migrations/0003_notes.sql,line=1,col=8,title=MigrationFailed::3 notes: Migration 3 (notes) failed.%0A  SELECT ```x``` FROM y%0A         ^",
        ],
        Rows.Render(ReportFormat.GitHub, Rows.All));

    [Fact]
    public void Commas_and_colons_in_a_path_do_not_end_the_property() => Assert.StartsWith(
        "::error file=migrations/a%3Ab%2Cc%25.sql,line=3,col=7,title=", Assert.Single(
            Rows.Render(ReportFormat.GitHub, Rows.Broken with { Path = "migrations/a:b,c%.sql" })));

    [Theory]
    [InlineData(ReportFormat.AzureDevOps)]
    [InlineData(ReportFormat.GitHub)]
    public void What_is_fine_is_not_said(ReportFormat format) => Assert.Empty(Rows.Render(format, Rows.Applied, Rows.Pending));
}
