using VividShift.Migrations.Activity;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Activity;

public sealed class ActivityTests
{
    [Fact]
    public async Task A_chain_of_waiters_is_a_tree_with_the_root_in_front()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync("CREATE TABLE a (); CREATE TABLE b ();", Workbench.Token);
        await using var root = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "root");
        await using var middle = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "middle");
        await using var leaf = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "leaf");
        await using var other = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "other");
        await root.RunAsync("BEGIN; LOCK a");
        await middle.RunAsync("BEGIN; LOCK b");
        middle.Begin("LOCK a IN SHARE MODE");
        leaf.Begin("TABLE b");
        other.Begin("SELECT pg_sleep(60)");

        var seen = await Sleeper.UntilAsync(
            fixture,
            new(),
            all => all.Count == 4 && all.Count(s => s.BlockedBy.Count > 0) == 2 && all.Count(s => s.State == ActivityState.Active) == 3);

        Assert.Equal(["root", "middle", "leaf", "other"], seen.Select(s => s.Application));
        Assert.Equal([0, 1, 2, 0], seen.Select(s => s.Depth));
        Assert.Equal([root.ProcessId, root.ProcessId, root.ProcessId, null], seen.Select(s => s.RootBlocker));
        Assert.Equal([[], [root.ProcessId], [middle.ProcessId], []], seen.Select(s => s.BlockedBy));
        Assert.Equal([[middle.ProcessId], [leaf.ProcessId], [], []], seen.Select(s => s.Blocks));
        Assert.Equal([null, "ShareLock on public.a", "AccessShareLock on public.b", null], seen.Select(s => s.WantedLock));
        Assert.Equal(
            [ActivityState.IdleInTransaction, ActivityState.Active, ActivityState.Active, ActivityState.Active], seen.Select(s => s.State));
        Assert.Equal("LOCK a", seen[0].Query!.Split("; ")[^1]);
        Assert.Equal(["Client: ClientRead", "Lock: relation", "Lock: relation", "Timeout: PgSleep"], seen.Select(s => s.WaitEvent));
        Assert.All(seen, s => Assert.Equal((fixture.Database.Name, fixture.Database.UserName, "client backend"), (s.Database, s.Role, s.BackendType)));
        Assert.All(seen, s => Assert.InRange(s.Duration!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(5)));
        Assert.All(seen, s => Assert.True(s.TransactionDuration >= s.Duration || s.State == ActivityState.Active));

        var blocked = await fixture.Open().Activity.GetAsync(new() { Blocked = true }, new RecordingObserver(), Workbench.Token);
        Assert.Equal(["root", "middle", "leaf"], blocked.Select(s => s.Application));
    }

    [Theory]
    // Each waits for the holder and for those before it in the queue.
    [InlineData("LOCK a", "LOCK a", "AccessExclusiveLock on public.a", new[] { 0, 1, 1, 1 })]
    // The first waits for the writer, the others for the first: so the server queues for a row.
    [InlineData("UPDATE a SET i = 2", "UPDATE a SET i = 3", "ShareLock on a row of public.a", new[] { 0, 1, 2, 2 })]
    public async Task Those_that_queue_for_one_lock_stand_side_by_side_below_the_one_they_wait_for(
        string held, string wanted, string wait, int[] depths)
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync("CREATE TABLE a (i int); INSERT INTO a VALUES (1)", Workbench.Token);
        await using var holder = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "holder");
        await using var first = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "waiter");
        await using var second = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "waiter");
        await using var third = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "waiter");
        await holder.RunAsync("BEGIN; " + held);
        foreach (var waiter in new[] { first, second, third })
        {
            waiter.Begin("BEGIN; " + wanted);
        }

        var seen = await Sleeper.UntilAsync(fixture, new() { Blocked = true }, all => all.Count(s => s.BlockedBy.Count > 0) == 3);

        Assert.Equal(depths, seen.Select(s => s.Depth));
        Assert.Equal("holder", seen[0].Application);
        Assert.All(seen, s => Assert.Equal(holder.ProcessId, s.RootBlocker));
        Assert.Equal(wait, seen[1].WantedLock);
    }

    [Fact]
    public async Task An_index_build_tells_how_far_it_is_and_whom_it_waits_for()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync("CREATE TABLE a AS SELECT generate_series(1, 100) AS i", Workbench.Token);
        await using var writer = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "writer");
        await using var builder = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "builder");
        await writer.RunAsync("BEGIN; INSERT INTO a VALUES (0)");
        builder.Begin("CREATE INDEX CONCURRENTLY a_i ON a (i)");

        var seen = await Sleeper.UntilAsync(fixture, new(), all => all.Any(s => s.Progress?.Total > 0 && s.BlockedBy.Count > 0));

        var build = Assert.Single(seen, s => s.Progress is not null);
        Assert.Equal(new("CREATE INDEX CONCURRENTLY", "waiting for writers before build", 0, 0, 1, "public.a"), build.Progress);
        Assert.Equal([writer.ProcessId], build.BlockedBy);
    }

    [Fact]
    public async Task Maintenance_tells_its_phase_and_how_much_of_it_is_done()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync(
            "CREATE TABLE a WITH (autovacuum_enabled = off) AS SELECT repeat('x', 500) FROM generate_series(1, 10000)", Workbench.Token);
        await using var slow = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "slow");
        await slow.RunAsync("SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 1; SET vacuum_cost_page_hit = 100");
        slow.Begin("VACUUM a");

        var seen = await Sleeper.UntilAsync(
            fixture, new(), all => all.Any(s => s.Progress is { Percent: > 0 } progress && progress.Phase == "scanning heap"));

        var progress = Assert.Single(seen).Progress!;
        Assert.Equal(("VACUUM", "public.a"), (progress.Command, progress.Relation));
        Assert.InRange(progress.Percent!.Value, 0.1, 99);
        Assert.Equal(100.0 * progress.Done / progress.Total, progress.Percent);
    }

    [Theory]
    [InlineData("SELECT pg_sleep(60);")]
    [InlineData("-- no-transaction\nSELECT pg_sleep(60);")]
    public async Task A_run_of_ours_is_named_by_its_version_and_marked_as_the_holder_of_the_lock(string sql)
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("20250926152953_slow.sql", sql);
        using var stop = new CancellationTokenSource();
        var run = fixture.RunAsync(new(), new(), stop.Token);

        var seen = await Sleeper.UntilAsync(fixture, new(), all => all.Any(s => s.WaitEvent == "Timeout: PgSleep"));

        var runner = Assert.Single(seen);
        Assert.Equal(
            (true, 20250926152953, "VividShift.Migrations 20250926152953"),
            (runner.MigrationRunner, runner.MigrationVersion, runner.Application));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task A_session_keeps_its_name_after_a_migration_and_may_have_one_of_the_users_choice()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.ConnectionString = fixture.Database.ConnectionString + ";Application Name=it's mine";
        fixture.Folder.Add("1_a.sql", "CREATE TABLE seen AS SELECT current_setting('application_name') AS name;");
        fixture.Folder.Add("2_b.sql", "-- no-transaction\nINSERT INTO seen VALUES (current_setting('application_name'));");
        fixture.Folder.Add("3_c.sql", "RESET ALL; INSERT INTO seen VALUES (current_setting('application_name'));");
        await fixture.UpAsync();

        Assert.Equal(
            ["it?s mine 1", "it?s mine 2", "it's mine"],
            (await fixture.Database.QueryAsync("TABLE seen", Workbench.Token)).Select(r => r[0]));
    }

    [Fact]
    public async Task A_service_that_holds_sqlxs_lock_is_marked_whatever_it_is_called_and_even_when_it_is_idle()
    {
        await using var fixture = await Workbench.CreateAsync();
        await using var service = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "shop 7");
        await using var waiting = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "VividShift.Migrations");
        await service.RunAsync(FormattableString.Invariant($"SELECT pg_advisory_lock({RunLock.KeyOf(fixture.Database.Name)})"));
        waiting.Begin(FormattableString.Invariant($"SELECT pg_advisory_lock({RunLock.KeyOf(fixture.Database.Name)})"));

        var seen = await Sleeper.UntilAsync(fixture, new(), all => all.Count == 2 && all[1].BlockedBy.Count > 0);

        Assert.Equal([(true, 7), (false, null)], seen.Select(s => (s.MigrationRunner, s.MigrationVersion)));
        Assert.Equal((ActivityState.Idle, "ExclusiveLock on the migration lock"), (seen[0].State, seen[1].WantedLock));
    }

    [Fact]
    public async Task What_is_idle_elsewhere_or_shorter_than_asked_is_left_out()
    {
        await using var fixture = await Workbench.CreateAsync();
        await using var elsewhere = await Workbench.CreateAsync();
        await using var idle = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "idle");
        await using var busy = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "busy");
        await using var far = await Sleeper.OpenAsync(elsewhere.Database.ConnectionString, "far");
        busy.Begin("SELECT pg_sleep(60)");
        far.Begin("SELECT pg_sleep(60)");
        await Sleeper.UntilAsync(elsewhere, new(), all => all.Any(s => s.WaitEvent == "Timeout: PgSleep"));
        await Sleeper.UntilAsync(fixture, new(), all => all.Any(s => s.WaitEvent == "Timeout: PgSleep"));

        Assert.Equal(["busy"], await NamesAsync(new()));
        Assert.Equal(["busy", "idle"], (await NamesAsync(new() { All = true })).Order(StringComparer.Ordinal));
        var everywhere = await NamesAsync(new() { AllDatabases = true });
        Assert.Contains("busy", everywhere);
        Assert.Contains("far", everywhere);
        Assert.Empty(await NamesAsync(new() { LongerThan = TimeSpan.FromHours(1) }));
        Assert.Equal(["busy"], await NamesAsync(new() { LongerThan = TimeSpan.FromMilliseconds(1) }));
        Assert.Equal(["far"], await NamesAsync(new() { ProcessIds = [far.ProcessId] }));

        async Task<IReadOnlyList<string?>> NamesAsync(ActivityRequest request) =>
            [.. (await fixture.Open().Activity.GetAsync(request, new RecordingObserver(), Workbench.Token)).Select(
                s => s.Application)];
    }

    [Fact]
    public async Task A_role_that_may_not_see_others_is_told_how_many_and_still_sees_who_blocks_it()
    {
        await using var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync("CREATE TABLE a ()", Workbench.Token);
        await using var role = await fixture.Database.CreateRoleAsync("GRANT SELECT ON a TO {role}");
        await using var holder = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "secret");
        await using var busy = await Sleeper.OpenAsync(fixture.Database.ConnectionString, "secret");
        await using var victim = await Sleeper.OpenAsync(role.ConnectionString, "victim");
        await holder.RunAsync("BEGIN; LOCK a");
        busy.Begin("SELECT pg_sleep(60)");
        victim.Begin("TABLE a");
        fixture.ConnectionString = role.ConnectionString;

        var seen = await Sleeper.UntilAsync(fixture, new(), all => all.Count == 2);

        Assert.Equal([holder.ProcessId, victim.ProcessId], seen.Select(s => s.ProcessId));
        Assert.Equal(
            (ActivityState.Hidden, fixture.Database.UserName, null, "secret"),
            (seen[0].State, seen[0].Role, seen[0].Query, seen[0].Application));
        Assert.Equal("AccessShareLock on public.a", seen[1].WantedLock);
        var observer = new RecordingObserver();
        await fixture.Open().Activity.GetAsync(new(), observer, Workbench.Token);
        Assert.Contains("What 2 session(s)", Assert.Single(observer.Told<WarningRaised>()).Message, StringComparison.Ordinal);
    }
}
