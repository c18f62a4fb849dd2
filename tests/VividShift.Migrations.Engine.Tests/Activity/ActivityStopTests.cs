using VividShift.Migrations.Activity;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Activity;

public sealed class ActivityStopTests
{
    const string QueryCanceled = "57014";
    const string AdminShutdown = "57P01";

    [Fact]
    public async Task Cancel_ends_the_statement_and_keeps_the_session()
    {
        await using var fixture = await Workbench.CreateAsync();
        await using var sleeper = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "sleeper");
        sleeper.Begin("SELECT pg_sleep(60)");
        var seen = Assert.Single(await Sleeper.UntilAsync(fixture, new(), all => all.Any(s => s.WaitEvent == "Timeout: PgSleep")));

        var stopped = await StopAsync(fixture, new() { Activity = seen });

        Assert.Equal((ActivityOutcome.Cancelled, null), (stopped.Outcome, stopped.Problem));
        Assert.Equal(QueryCanceled, await sleeper.EndAsync());
        await sleeper.RunAsync("SELECT 1");
    }

    [Fact]
    public async Task Terminate_ends_the_session_and_frees_what_it_had_locked()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync("CREATE TABLE a ()", Workbench.Token);
        await using var holder = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "holder");
        await holder.RunAsync("BEGIN; LOCK a");
        await using var victim = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "victim");
        victim.Begin("TABLE a");
        var root = (await Sleeper.UntilAsync(fixture, new() { Blocked = true }, all => all.Count == 2))[0];

        var cancelled = await StopAsync(fixture, new() { Activity = root });
        var stopped = await StopAsync(fixture, new() { Activity = root, Terminate = true });

        Assert.Equal(ActivityOutcome.NothingToCancel, cancelled.Outcome);
        Assert.Contains("-Terminate", cancelled.Problem!, StringComparison.Ordinal);
        Assert.Equal(ActivityOutcome.Terminated, stopped.Outcome);
        Assert.Null(await victim.EndAsync());
        holder.Begin("SELECT 1");
        Assert.Equal(AdminShutdown, await holder.EndAsync());
    }

    [Fact]
    public async Task Nothing_is_done_to_a_session_that_has_the_process_id_of_another_or_runs_its_next_statement()
    {
        await using var fixture = await Workbench.CreateAsync();
        await using var sleeper = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "sleeper");
        sleeper.Begin("SELECT pg_sleep(60)");
        var seen = Assert.Single(await Sleeper.UntilAsync(fixture, new(), all => all.Any(s => s.WaitEvent == "Timeout: PgSleep")));

        var reused = await StopAsync(
            fixture, new() { Activity = seen with { SessionStart = seen.SessionStart - TimeSpan.FromDays(1) }, Terminate = true });
        var moved = await StopAsync(fixture, new() { Activity = seen with { StatementStart = seen.StatementStart - TimeSpan.FromSeconds(1) } });
        var busyAgain = await StopAsync(
            fixture, new() { Activity = seen with { State = ActivityState.Idle }, Terminate = true, OnlyIfUnchanged = true });
        var nobody = await StopAsync(fixture, new() { Activity = seen with { ProcessId = int.MaxValue }, Terminate = true });

        Assert.All(new[] { reused, moved, busyAgain, nobody }, s => Assert.Equal(ActivityOutcome.Gone, s.Outcome));
        Assert.Equal(1, await fixture.CountAsync("pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"));
    }

    [Fact]
    public async Task What_does_not_end_in_time_is_told_as_still_running()
    {
        await using var fixture = await Workbench.CreateAsync();
        await using var sleeper = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "stubborn");
        // A handler that swallows the cancellation.
        sleeper.Begin("DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$");
        var seen = Assert.Single(await Sleeper.UntilAsync(fixture, new(), all => all.Any(s => s.WaitEvent == "Timeout: PgSleep")));

        var cancelled = await StopAsync(fixture, new() { Activity = seen, Patience = TimeSpan.FromMilliseconds(200) });
        var terminated = await StopAsync(fixture, new() { Activity = seen, Terminate = true });

        Assert.Equal(ActivityOutcome.StillRunning, cancelled.Outcome);
        Assert.Contains("-Terminate", cancelled.Problem!, StringComparison.Ordinal);
        Assert.Equal(ActivityOutcome.Terminated, terminated.Outcome);
    }

    [Fact]
    public async Task A_role_without_the_right_is_refused_and_a_process_of_the_server_is_left_alone()
    {
        await using var fixture = await Workbench.CreateAsync();
        await using var role = await fixture.Database.CreateRoleAsync();
        await using var sleeper = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "sleeper");
        sleeper.Begin("SELECT pg_sleep(60)");
        await Sleeper.UntilAsync(fixture, new(), all => all.Any(s => s.WaitEvent == "Timeout: PgSleep"));
        var everything = await fixture.Open().Activity.GetAsync(
            new() { All = true, AllDatabases = true }, new RecordingObserver(), Workbench.Token);
        var checkpointer = await StopAsync(fixture, new() { Activity = everything.First(s => s.BackendType == "checkpointer"), Terminate = true });
        fixture.ConnectionString = role.ConnectionString;
        var hidden = Assert.Single(await Sleeper.UntilAsync(fixture, new() { ProcessIds = [sleeper.ProcessId] }, _ => true));
        var foreign = await StopAsync(fixture, new() { Activity = hidden });

        Assert.Equal((ActivityOutcome.Refused, ActivityOutcome.Refused), (checkpointer.Outcome, foreign.Outcome));
        Assert.Contains("pg_signal_backend", foreign.Problem!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_of_another_server_is_not_taken_for_one_of_this()
    {
        await using var fixture = await Workbench.CreateAsync();
        var seen = new DatabaseActivity { ProcessId = 1, State = ActivityState.Active, SeenFrom = new("elsewhere", 5432, "shop", null) };
        var error = await Assert.ThrowsAsync<MigrationException>(() => StopAsync(fixture, new() { Activity = seen }));
        Assert.Equal(MigrationErrorCode.DatabaseMismatch, error.Code);
    }

    static async Task<StopActivityResult> StopAsync(Workbench fixture, StopActivityRequest end) =>
        Assert.Single(await fixture.Open().Activity.StopAsync([end], new RecordingObserver(), Workbench.Token));
}
