using Npgsql;
using VividShift.Migrations.Activity;
using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class ActivityCommandTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blocker_is_found_shown_and_ended_by_the_pipeline()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync("CREATE TABLE a ()", Token);
        await using var holder = await fixture.Database.OpenAsync(Token);
        await using var victim = await fixture.Database.OpenAsync(Token);
        await ExecuteAsync(holder, "BEGIN; LOCK a /* ##vso[task.complete] */");
        var waiting = ExecuteAsync(victim, "TABLE\n  a");
        await UntilWaitingAsync(fixture);

        var shown = fixture.Session.Show("Get-VsDatabaseActivity -Blocked").Split('\n');
        var none = fixture.Run("Get-VsDatabaseActivity -Blocked -LongerThan 1h").WithoutErrors();
        var whatIf = fixture.Run("Get-VsDatabaseActivity -Blocked | Where-Object Depth -eq 0 | Stop-VsDatabaseActivity -Terminate -WhatIf")
            .WithoutErrors();
        fixture.Session.Answer("Yes");
        var run = fixture.Run("Get-VsDatabaseActivity -Blocked | Where-Object Depth -eq 0 | Stop-VsDatabaseActivity -Terminate").WithoutErrors();

        Assert.Matches("^ProcessId +Who +State +Duration Doing$", shown[1]);
        Assert.Matches(FormattableString.Invariant($"^{holder.ProcessID} +vividshift +> blocks 1 +[0-9.]+ m?s .*LOCK a /\\* ## vso"), shown[3]);
        Assert.Matches(
            FormattableString.Invariant($"^  {victim.ProcessID} +vividshift +! waits for lock +[0-9.]+ m?s AccessShareLock on public.a: TABLE( a|…)"),
            shown[4]);
        Assert.All(shown, line => Assert.InRange(line.Length, 0, 100));
        Assert.Empty(none.Output);
        Assert.Contains(FormattableString.Invariant($"End the session (idle in transaction for"), whatIf.Shown, StringComparison.Ordinal);
        Assert.Contains(
            FormattableString.Invariant($"pid {holder.ProcessID} (role vividshift)"),
            Assert.Single(run.Prompts).Message,
            StringComparison.Ordinal);
        Assert.Equal(ActivityOutcome.Terminated, Assert.Single(run.OutputOf<StopActivityResult>()).Outcome);
        await waiting;
    }

    [Fact]
    public async Task One_that_is_gone_is_an_error_that_does_not_keep_the_others()
    {
        await using var fixture = await Workbench.CreateAsync();
        await using var sleeper = await fixture.Database.OpenAsync(Token);
        var sleeping = ExecuteAsync(sleeper, "SELECT pg_sleep(60)");
        while (await fixture.Database.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()", Token) == 0)
        {
            await Task.Delay(20, Token);
        }

        var run = fixture.Run(FormattableString.Invariant($"Stop-VsDatabaseActivity {int.MaxValue}, {sleeper.ProcessID} -Confirm:$false"));

        Assert.StartsWith("ActivityMissing,", run.OnlyError().FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(
            (sleeper.ProcessID, ActivityOutcome.Cancelled),
            Assert.Single(run.OutputOf<StopActivityResult>().Select(s => (s.ProcessId, s.Outcome))));
        Assert.Equal("57014", (await Assert.ThrowsAsync<PostgresException>(() => sleeping)).SqlState);
        await ExecuteAsync(sleeper, "SELECT 1");
        var idle = fixture.Run(FormattableString.Invariant($"Stop-VsDatabaseActivity {sleeper.ProcessID} -Confirm:$false"));
        Assert.Contains("runs no statement", idle.OnlyError().Exception.Message, StringComparison.Ordinal);
        Assert.Equal(ActivityOutcome.NothingToCancel, Assert.Single(idle.OutputOf<StopActivityResult>()).Outcome);
    }

    [Fact]
    public async Task Nothing_is_stopped_without_a_word_which()
    {
        await using var fixture = await Workbench.CreateAsync();
        Assert.StartsWith("ParameterMissing,", fixture.Run("Stop-VsDatabaseActivity").OnlyError().FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(fixture.Run("Get-VsDatabaseActivity | Stop-VsDatabaseActivity").WithoutErrors().Output);
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }

    static async Task UntilWaitingAsync(Workbench fixture)
    {
        while (await fixture.Database.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'a'::regclass", Token) == 0)
        {
            await Task.Delay(20, Token);
        }
    }
}
