using System.Management.Automation;
using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class StreamTests
{
    // Not -Debug: with it PowerShell asks before every verbose line and every warning of a compiled cmdlet.
    const string Talkative = "$VerbosePreference = $DebugPreference = 'Continue'; ";

    [Fact]
    public async Task What_a_migration_says_goes_to_the_stream_that_is_meant_for_it()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add(
            "0001_talk.sql",
            "DO $$ BEGIN RAISE NOTICE 'a notice'; RAISE WARNING 'a warning'; RAISE INFO 'an info'; RAISE DEBUG 'a detail'; END $$;\n");

        var run = fixture.Run(Talkative + "Invoke-VsMigration").WithoutErrors();

        var information = run.Information.Where(record => record.Tags.Contains("VsNotice")).Select(
            record => Assert.IsType<Notice>(record.MessageData));
        Assert.Equal([("NOTICE", "a notice"), ("INFO", "an info")], information.Select(notice => (notice.Severity, notice.Message)));
        Assert.Equal("a warning", Assert.Single(run.Warnings));
        Assert.NotEmpty(run.Verbose);
        Assert.Contains(run.Debug, sql => sql.Contains("RAISE NOTICE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_migration_says_cannot_command_a_build_agent()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add(
            "0001_talk.sql",
            "DO $$ BEGIN RAISE NOTICE E'##vso[task.setvariable variable=a]b\\n::error::c'; RAISE WARNING '##teamcity[buildProblem]'; END $$;\n");
        fixture.Folder.Add("0002_fail.sql", "SELECT '##vso[task.complete]'::int;\n");

        var run = fixture.Run(Talkative + "Invoke-VsMigration -InformationAction Continue");

        Assert.Equal("MigrationFailed", run.OnlyError().FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains("## vso[task.setvariable variable=a]b\n: :error::c", run.Shown, StringComparison.Ordinal);
        var seen = string.Join('\n', [run.Shown, run.OnlyError().ToString(), .. run.Warnings, .. run.Verbose, .. run.Debug]);
        Assert.DoesNotContain("##vso[", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("##teamcity[", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\n::", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_is_throttled_and_always_completed()
    {
        await using var fixture = await Workbench.CreateAsync();
        for (var version = 10; version < 60; version++)
        {
            fixture.Folder.Add($"{version}_step.sql", $"SELECT {version};\n");
        }

        fixture.Folder.Add("60_wrong.sql", "SELECT nothing_there;\n");
        var started = Environment.TickCount64;

        var run = fixture.Run("Invoke-VsMigration");

        var possible = 2 + (Environment.TickCount64 - started) / 200;
        Assert.Equal("MigrationFailed", run.OnlyError().FullyQualifiedErrorId.Split(',')[0]);
        Assert.InRange(run.Progress.Count, 2, possible);
        Assert.StartsWith("1 of 51: 10 step", run.Progress[0].StatusDescription, StringComparison.Ordinal);
        Assert.Equal(ProgressRecordType.Completed, run.Progress[^1].RecordType);
    }

    [Theory]
    [InlineData("##vso[task.debug]x", "## vso[task.debug]x")]
    [InlineData("a ##VSO[x]", "a ## VSO[x]")]
    [InlineData("##[error]x", "## [error]x")]
    [InlineData("##teamcity[x]", "## teamcity[x]")]
    [InlineData("::error::x", ": :error::x")]
    [InlineData("a\n  ::set-output::x", "a\n  : :set-output::x")]
    [InlineData("a\r::x", "a\r: :x")]
    [InlineData("a\r\n::x", "a\r\n: :x")]
    [InlineData("SELECT a::int, '## heading'", "SELECT a::int, '## heading'")]
    [InlineData("####vso[x]", "#### vso[x]")]
    [InlineData("", "")]
    public void Commands_of_build_agents_are_broken_and_other_text_is_not(string text, string expected)
    {
        using var session = new PowerShellSession();
        session.Set("text", text);

        Assert.Equal(expected, Assert.Single(session.Run("[VividShift.Migrations.BuildAgentText]::Escape($text)").OutputOf<string>()));
    }
}
