using System.Diagnostics;
using VividShift.Migrations.History;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Running;

public class FaultTests
{
    const string OurBackends = "pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";

    [Theory]
    [InlineData("CREATE TABLE b (); SELECT pg_sleep(60);", "1:ok")]
    [InlineData("-- no-transaction\nCREATE TABLE b (); SELECT pg_sleep(60);", "1:ok 2:unfinished:untimed")]
    public async Task Cancelling_stops_the_server_keeps_no_lock_and_tells_history_the_truth(string sql, string history)
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        fixture.Folder.Add("2_b.sql", sql);
        using var stop = new CancellationTokenSource();
        var watch = Stopwatch.StartNew();
        var run = fixture.RunAsync(new(), new(), stop.Token);
        await fixture.UntilAsync(
            "pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid() AND datname = current_database()");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30));
        Assert.Equal(history, await fixture.HistoryAsync());
        Assert.Equal(0, await fixture.CountAsync(Workbench.AdvisoryLocks));
        Assert.Equal(0, await fixture.CountAsync(
            "pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid() AND datname = current_database()"));
    }

    [Fact]
    public async Task Cancelling_while_waiting_for_the_lock_leaves_nothing()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "SELECT pg_sleep(2);");
        using var stop = new CancellationTokenSource();
        var first = fixture.RunAsync(new(), new());
        await fixture.UntilAsync(Workbench.AdvisoryLocks + " AND granted");
        var waiting = new RecordingObserver { OnEvent = e => { if (e is WaitingForLock) { stop.Cancel(); } } };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.RunAsync(new(), waiting, stop.Token));
        Assert.Single((await first).Results);
    }

    [Theory]
    [InlineData("CREATE TABLE b (); SELECT pg_sleep(60);", "rolled back", "1:ok")]
    [InlineData("-- no-transaction\nCREATE TABLE b (); SELECT pg_sleep(60);", "1 of its 2 statements", "1:ok 2:unfinished:untimed")]
    public async Task A_killed_server_session_is_told_with_the_state_it_left(string sql, string state, string history)
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        fixture.Folder.Add("2_b.sql", sql);
        var run = fixture.RunAsync(new(), new());
        await fixture.UntilAsync(
            "pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid() AND datname = current_database()");
        await fixture.Database.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM {OurBackends}", Workbench.Token);
        var error = await Assert.ThrowsAsync<MigrationException>(() => run);
        Assert.Equal(MigrationErrorCode.ConnectionLost, error.Code);
        Assert.Contains(state, error.DatabaseState!, StringComparison.Ordinal);
        Assert.Equal(history, await fixture.HistoryAsync());
        Assert.Equal(0, await fixture.CountAsync(Workbench.AdvisoryLocks));
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_cancelled_and_told_as_such()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a (); SELECT pg_sleep(60);");
        fixture.CommandTimeout = TimeSpan.FromSeconds(1);
        var error = await fixture.FailsAsync(MigrationErrorCode.MigrationFailed);
        Assert.Contains("did not finish within 1 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("rolled back", error.DatabaseState!, StringComparison.Ordinal);
        Assert.Equal(string.Empty, await fixture.HistoryAsync());
        Assert.Equal(0, await fixture.CountAsync("pg_class WHERE relname = 'a'"));
    }

    [Fact]
    public async Task A_consumer_that_has_enough_stops_the_run_between_two_migrations()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        fixture.Folder.Add("2_b.sql", "CREATE TABLE b ();");
        using var stop = new CancellationTokenSource();
        var enough = new RecordingObserver { OnResult = (_, _) => stop.CancelAsync() };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.RunAsync(new(), enough, stop.Token));
        Assert.Equal("1:ok", await fixture.HistoryAsync());
    }

    [Fact]
    public async Task A_consumer_that_leaves_ends_the_run_between_two_migrations_and_leaves_no_lock()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        fixture.Folder.Add("2_b.sql", "CREATE TABLE b ();");
        var (observer, database) = (new RecordingObserver(), fixture.Open());
        var plan = await database.Migrations.PlanAsync(new(), observer, Workbench.Token);
        await foreach (var result in database.Migrations.RunAsync(new() { Agreed = plan, AgreedSteps = 2 }, observer, observer, Workbench.Token))
        {
            Assert.Equal(1, result.Version);
            break;
        }

        Assert.Equal("1:ok", await fixture.HistoryAsync());
        Assert.Equal(0, await fixture.CountAsync(Workbench.AdvisoryLocks));
        Assert.Single(observer.Told<MigrationStarted>());
    }

    [Fact]
    public async Task A_role_that_may_only_look_can_look_and_is_refused_before_anything_runs()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        await fixture.UpAsync();
        fixture.Folder.Add("2_b.sql", "CREATE TABLE b ();");
        await using var role = await fixture.Database.CreateRoleAsync("GRANT SELECT ON _sqlx_migrations TO {role}");
        fixture.ConnectionString = role.ConnectionString;
        Assert.Equal([MigrationState.Applied, MigrationState.Pending], (await fixture.StatusAsync()).Select(s => s.State));
        var error = await fixture.FailsAsync(MigrationErrorCode.PermissionDenied);
        Assert.Contains("grant SELECT, INSERT, UPDATE, DELETE", error.RecommendedAction!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_without_create_is_refused_before_anything_runs_where_there_is_no_history_yet()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        await fixture.Database.ExecuteAsync("REVOKE CREATE ON SCHEMA public FROM PUBLIC", Workbench.Token);
        await using var role = await fixture.Database.CreateRoleAsync();
        fixture.ConnectionString = role.ConnectionString;
        Assert.Equal([MigrationState.Pending], (await fixture.StatusAsync()).Select(s => s.State));
        await fixture.FailsAsync(MigrationErrorCode.PermissionDenied);
    }

    [Fact]
    public async Task One_transaction_that_needs_more_locks_than_there_are_is_refused_before_it_starts()
    {
        await using var fixture = await Workbench.CreateAsync();
        var free = await fixture.Database.ScalarAsync<long>(
            "SELECT current_setting('max_locks_per_transaction')::bigint * (current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint)",
            Workbench.Token);
        fixture.Folder.Add("1_a.sql", string.Concat(
            Enumerable.Range(0, (int)(free / 4) + 1).Select(i => FormattableString.Invariant($"CREATE TABLE t{i} (i int PRIMARY KEY);\n"))));
        await fixture.FailsAsync(MigrationErrorCode.TooFewLocks, new() { Transaction = TransactionMode.All });
        Assert.Equal(0, await fixture.CountAsync("pg_class WHERE relname = 't1'"));
    }

    [Fact]
    public async Task A_missing_database_is_an_error_or_is_created_when_asked()
    {
        await using var fixture = await Workbench.CreateAsync();
        var name = "made " + fixture.Database.Name;
        fixture.ConnectionString = new Npgsql.NpgsqlConnectionStringBuilder(fixture.Database.ConnectionString) { Database = name }.ConnectionString;
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        await fixture.FailsAsync(MigrationErrorCode.DatabaseMissing);
        try
        {
            Assert.Single((await fixture.UpAsync(new() { CreateDatabase = true })).Results);
            Assert.Equal([MigrationState.Applied], (await fixture.StatusAsync()).Select(s => s.State));
        }
        finally
        {
            await fixture.Database.Server.Address.DropDatabaseAsync(name);
        }
    }
}
