using Npgsql;
using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Reporting;

namespace VividShift.Migrations.PowerShell.Tests.Reporting;

/// <summary>What stands in a real database, a file's name or the configuration, through the pipeline into every format.</summary>
public sealed class HostileReportTests
{
    const string FileName = "0002_##vso[task.complete]nobody_obeys\n::error::<b>y.up.sql";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sessions_that_wait_are_warnings_and_their_statements_are_no_commands()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync($"CREATE TABLE {HostileText.SqlName} ()", Token);
        await using var holder = await fixture.Database.OpenAsync(Token);
        await using var victim = await fixture.Database.OpenAsync(Token);
        await ExecuteAsync(holder, "SET application_name = '##vso[task.complete]nobody obeys'");
        await ExecuteAsync(holder, $"BEGIN; LOCK {HostileText.SqlName}");
        var waiting = ExecuteAsync(victim, $"TABLE {HostileText.SqlName} /*\n::error::x\n##[error]*/");
        while (await fixture.Database.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation IS NOT NULL", Token) == 0)
        {
            await Task.Delay(20, Token);
        }

        var reports = Reports(fixture, "Get-VsDatabaseActivity -Blocked");
        var stopped = Reports(fixture, FormattableString.Invariant($"Stop-VsDatabaseActivity {holder.ProcessID} -Terminate -Confirm:$false"));

        Assert.Contains(
            " 2 warnings",
            " " + reports[ReportFormat.Markdown][0].Replace("no error,", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Equal(2, reports[ReportFormat.GitHub].Count(line => line.StartsWith("::warning title=Session", StringComparison.Ordinal)));
        Assert.Contains(reports[ReportFormat.AzureDevOps], line => line.Contains("code=SessionWaits]pid ", StringComparison.Ordinal));
        Assert.Contains("Terminated", stopped[ReportFormat.JUnit][0], StringComparison.Ordinal);
        await waiting;
    }

    [Fact]
    public async Task Changes_of_history_are_notes()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.AddTable(1, "users");
        fixture.Folder.Add(FileName, "SELECT 1;\n");

        var reports = Reports(fixture, "Register-VsMigration -Target 2 -Confirm:$false");
        var taken = Reports(fixture, "Unregister-VsMigration -Version 2 -Confirm:$false");

        Assert.Equal(2, reports[ReportFormat.GitHub].Count(line => line.StartsWith("::notice title=HistoryRowAdded::", StringComparison.Ordinal)));
        Assert.StartsWith("::notice title=HistoryRowRemoved::2 ", Assert.Single(taken[ReportFormat.GitHub]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_comparison_of_ways_back_warns_at_the_down_script_that_loses_data()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("0001_a.up.sql", $"CREATE TABLE {HostileText.SqlName} (id int);\nINSERT INTO {HostileText.SqlName} VALUES (1);\n");
        var down = fixture.Folder.Add("0001_a.down.sql", $"DROP TABLE {HostileText.SqlName};\n");
        fixture.Run("Invoke-VsMigration").WithoutErrors();

        var reports = Reports(fixture, "Get-VsMigrationPlan -Undo -CompareBackup");

        var loss = Assert.Single(reports[ReportFormat.GitHub], line => line.StartsWith("::warning ", StringComparison.Ordinal));
        Assert.StartsWith($"::warning file={Path.GetFileName(down)},title=DownScriptLoss::", loss, StringComparison.Ordinal);
        Assert.Contains("1 row(s)", loss, StringComparison.Ordinal);
        Assert.Contains("no whole backup from before these migrations", reports[ReportFormat.Markdown][0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_overview_the_settings_and_new_files_are_told()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync($"CREATE TABLE {HostileText.SqlName} AS SELECT generate_series(1, 100)", Token);
        fixture.Folder.Add("vividshift.json", """{ "backups": "##vso[task.complete]nobody obeys\n::error::<b>y", "seeds": "##[error]" }""");

        var overview = Reports(fixture, "Get-VsDatabase");
        var settings = Reports(fixture, "Get-VsConfiguration");
        var files = Reports(fixture, "New-VsMigration 'nobody obeys ##vso[task.complete]'");

        Assert.StartsWith("::notice title=DatabaseOverview::", Assert.Single(overview[ReportFormat.GitHub]), StringComparison.Ordinal);
        Assert.Contains(settings[ReportFormat.GitHub], line => line.StartsWith("::notice title=Setting::backups: ", StringComparison.Ordinal));
        Assert.Empty(files[ReportFormat.GitHub]);
    }

    /// <summary>What the script emits, in every format, once each is proved to be harmless.</summary>
    static Dictionary<ReportFormat, IReadOnlyList<string>> Reports(Workbench fixture, string script)
    {
        fixture.Run($"$emitted = @({script})").WithoutErrors();
        var reports = Enum.GetValues<ReportFormat>().ToDictionary(
            format => format,
            format => fixture.Run($"$emitted | ConvertTo-VsReport -As {format}").WithoutErrors().OutputOf<string>());
        Assert.All(reports, report => HostileText.AssertHarmless(report.Key, report.Value));
        Assert.Contains(HostileText.Mark, reports[ReportFormat.Markdown][0], StringComparison.Ordinal);
        Assert.Contains(HostileText.Mark, reports[ReportFormat.JUnit][0], StringComparison.Ordinal);
        return reports;
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
