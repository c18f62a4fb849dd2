using System.Diagnostics;
using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests;

/// <summary>A client that vanishes without a word: kill -9, a lost laptop, an evicted container.</summary>
public sealed class KilledClientTests
{
    const string Sleeper = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query = 'SELECT pg_sleep(3)'";

    [Theory]
    [InlineData("CREATE TABLE b ();\nSELECT pg_sleep(3);\n", true)]
    [InlineData("-- no-transaction\nCREATE TABLE b ();\nSELECT pg_sleep(3);\nCREATE TABLE never ();\n", false)]
    public async Task What_it_leaves_is_whole_or_marked_unfinished_and_the_lock_is_free(string sql, bool transactional)
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();\n");
        fixture.Folder.Add("2_b.sql", sql);
        var run = await PwshProgram.RunAsync(
            $"Invoke-VsMigration -Path '{fixture.Folder.Path}' -ConnectionString '{fixture.Database.Url}'",
            program => KillWhileAsleepAsync(program, fixture));
        Assert.NotEqual(0, run.ExitCode);

        // The server finishes what it was sent, then finds nobody there.
        await WhileAsync(Sleeper, fixture, expected: 0);
        await WhileAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", fixture, expected: 0);
        Assert.Equal(0, await fixture.LocksAsync());

        var state = $"{fixture.Run("(Get-VsMigrationStatus)[1].State").WithoutErrors().Output.Single()}";
        var table = await fixture.Database.ScalarAsync<bool>("SELECT to_regclass('b') IS NOT NULL");
        Assert.False(await fixture.Database.ScalarAsync<bool>("SELECT to_regclass('never') IS NOT NULL"));
        if (transactional)
        {
            Assert.Equal(table ? "Applied" : "Pending", state);
        }
        else
        {
            Assert.Equal("Failed", state);
        }
    }

    static async Task KillWhileAsleepAsync(Process program, Workbench fixture)
    {
        await PwshProgram.UntilAsync(program, async () => await fixture.Database.ScalarAsync<long>(Sleeper) == 1);
        program.Kill(entireProcessTree: true);
    }

    static async Task WhileAsync(string count, Workbench fixture, long expected)
    {
        while (await fixture.Database.ScalarAsync<long>(count) != expected)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
