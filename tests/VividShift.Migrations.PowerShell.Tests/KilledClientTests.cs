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
        await using var bench = await Workbench.CreateAsync();
        bench.Folder.Add("1_a.sql", "CREATE TABLE a ();\n");
        bench.Folder.Add("2_b.sql", sql);
        var run = await HostProgram.RunAsync(
            [$"Invoke-VsMigration -Path '{bench.Folder.Path}' -ConnectionString '{bench.Database.Url}'"], input: "", program => KillWhileAsleep(
                program, bench));
        Assert.NotEqual(0, run.ExitCode);

        // The server finishes what it was sent, then finds nobody there.
        await WhileAsync(Sleeper, bench, expected: 0);
        await WhileAsync("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", bench, expected: 0);
        Assert.Equal(0, await bench.LocksAsync());

        var state = $"{bench.Run("(Get-VsMigrationStatus)[1].State").WithoutErrors().Output.Single()}";
        var table = await bench.Database.ScalarAsync<bool>("SELECT to_regclass('b') IS NOT NULL");
        Assert.False(await bench.Database.ScalarAsync<bool>("SELECT to_regclass('never') IS NOT NULL"));
        if (transactional)
        {
            Assert.Equal(table ? "Applied" : "Pending", state);
        }
        else
        {
            Assert.Equal("Failed", state);
        }
    }

    static void KillWhileAsleep(Process program, Workbench bench)
    {
        WhileAsync(Sleeper, bench, expected: 1).GetAwaiter().GetResult();
        program.Kill(entireProcessTree: true);
    }

    static async Task WhileAsync(string count, Workbench bench, long expected)
    {
        while (await bench.Database.ScalarAsync<long>(count) != expected)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
