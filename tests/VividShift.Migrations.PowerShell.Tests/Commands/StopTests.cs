using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class StopTests
{
    [Fact]
    public async Task Ctrl_C_rolls_back_and_leaves_no_lock_and_no_session()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Folder.Add("0004_slow.sql", "CREATE TABLE half_way (id int);\nSELECT pg_sleep(120);\n");
        using var stop = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();

        var running = fixture.Session.RunAsync("Invoke-VsMigration", stop.Token);
        while (await SleepersAsync(fixture) == 0)
        {
            Assert.False(running.IsCompleted, "The migration ended before it slept.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        var run = await running;

        Assert.Equal(PSInvocationState.Stopped, run.State);
        Assert.Empty(run.Errors);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60));
        Assert.Equal(0, await SleepersAsync(fixture));
        Assert.Equal(0, await fixture.LocksAsync());
        Assert.Equal([1L, 2, 3], await fixture.AppliedAsync());
        Assert.False(await fixture.Database.ScalarAsync<bool>("SELECT to_regclass('half_way') IS NOT NULL"));
    }

    [Fact]
    public async Task Ctrl_C_in_pwsh_while_the_script_of_a_hook_loops_ends_the_run_and_cleans_up()
    {
        Assert.False(OperatingSystem.IsWindows(), "Windows has no signals to send; this suite runs where there are.");
        await using var fixture = await Workbench.WithThreeTablesAsync();
        var (ready, cleaned) = (fixture.Folder.PathOf("ready"), fixture.Folder.PathOf("cleaned"));
        fixture.Folder.Add("forever.ps1", $"[IO.File]::WriteAllText('{ready}', ''); while ($true) {{ }}\n");
        fixture.Folder.Add("clean.ps1", $"param($Context) [IO.File]::WriteAllText('{cleaned}', $Context.Error)\n");
        var settings = fixture.Folder.Add(
            "vividshift.json",
            """{ "hooks": { "beforeRun": [ { "script": "forever.ps1", "timeoutSec": 600 } ], "onFailure": [ { "script": "clean.ps1" } ] } }""");

        var run = await PwshProgram.RunAsync(
            $"Invoke-VsMigration -Path '{fixture.Folder.Path}' -ConnectionString '{fixture.Database.Url}' -ConfigurationPath '{settings}'; 'never'",
            async program =>
            {
                await PwshProgram.UntilAsync(program, () => Task.FromResult(File.Exists(ready)));
                using var kill = Process.Start("kill", ["-INT", program.Id.ToString(CultureInfo.InvariantCulture)]);
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            });

        Assert.Equal((1, ""), (run.ExitCode, run.Output.Trim()));
        Assert.Equal("The run was stopped.", await File.ReadAllTextAsync(cleaned, TestContext.Current.CancellationToken));
        Assert.Empty(await fixture.AppliedAsync());
        Assert.Equal(0, await fixture.LocksAsync());
    }

    static Task<long> SleepersAsync(Workbench fixture) => fixture.Database.ScalarAsync<long>(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event = 'PgSleep'");
}
