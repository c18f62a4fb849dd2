using System.Diagnostics;
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

    static Task<long> SleepersAsync(Workbench fixture) => fixture.Database.ScalarAsync<long>(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event = 'PgSleep'");
}
