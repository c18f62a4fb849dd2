using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Running;

public class RaceTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    public async Task Every_migration_is_applied_once_however_many_runners_start_at_once(int runners)
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a (i int); INSERT INTO a SELECT generate_series(1, 5000);");
        fixture.Folder.Add("2_b.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY a_i ON a (i);\n");
        fixture.Folder.Add("3_c.sql", "INSERT INTO a VALUES (-1); SELECT pg_sleep(0.3);");
        fixture.Folder.Add("4_d.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY a_i2 ON a (i DESC);\n");

        // All plan before any runs, as replicas of one deployment do.
        var plan = await fixture.PlanAsync();
        var observers = Enumerable.Range(0, runners).Select(_ => new RecordingObserver()).ToList();
        await Task.WhenAll(observers.Select(o => Task.Run(() => fixture.RunAgreedAsync(plan, o))));

        Assert.Equal([1, 2, 3, 4], observers.SelectMany(o => o.Results).Select(r => r.Version).Order());
        Assert.Equal("1:ok 2:ok 3:ok 4:ok", await fixture.HistoryAsync());
        Assert.Equal(5001, await fixture.CountAsync("a"));
        Assert.Equal(2, await fixture.CountAsync("pg_index WHERE indrelid = 'a'::regclass AND indisvalid"));
        Assert.Equal(0, await fixture.CountAsync(Workbench.AdvisoryLocks));
        var losers = observers.Where(o => o.Results.Count == 0).ToList();
        Assert.Equal(runners - 1, losers.Count);
        Assert.All(losers, o => Assert.Contains(
            "Another runner applied 4 of the 4", Assert.Single(o.Told<WarningRaised>()).Message, StringComparison.Ordinal));
        Assert.All(losers, o => Assert.NotEmpty(o.Told<WaitingForLock>()));
    }

    [Fact]
    public async Task A_lock_that_is_not_released_in_time_is_an_error_that_names_its_holder()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        await using var holder = await fixture.Database.OpenAsync(Workbench.Token);
        await using var take = holder.CreateCommand();
        take.CommandText = FormattableString.Invariant(
            $"SET application_name = 'the other one'; SELECT pg_advisory_lock({RunLock.KeyOf(fixture.Database.Name)})");
        await take.ExecuteNonQueryAsync(Workbench.Token);
        fixture.LockTimeout = TimeSpan.FromSeconds(0.5);
        var error = await fixture.FailsAsync(MigrationErrorCode.LockTimeout);
        Assert.Contains(FormattableString.Invariant($"pid {holder.ProcessID}"), error.Message, StringComparison.Ordinal);
        Assert.Contains("the other one", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await fixture.CountAsync("pg_class WHERE relname IN ('a', '_sqlx_migrations')"));
    }

    [Fact]
    public async Task History_that_changed_after_the_plan_stops_the_run()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        fixture.Folder.Add("1_a.down.sql", "DROP TABLE a;");
        await fixture.UpAsync();
        var plan = await fixture.PlanAsync(new() { Direction = MigrationDirection.Down });
        await fixture.DownAsync();
        var error = await Assert.ThrowsAsync<MigrationException>(() => fixture.RunAgreedAsync(plan, new()));
        Assert.Equal(MigrationErrorCode.PlanChanged, error.Code);
    }

    [Fact]
    public async Task A_row_that_sqlx_cli_writes_meanwhile_is_told_as_such()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        await fixture.UpAsync();
        fixture.Folder.Add("2_b.sql", "INSERT INTO _sqlx_migrations VALUES (2, 'b', now(), true, '', 1);");
        var error = await fixture.FailsAsync(MigrationErrorCode.MigrationFailed);
        Assert.Equal("23505", error.Sql!.SqlState);
        Assert.Contains("sqlx-cli takes no lock", error.RecommendedAction!, StringComparison.Ordinal);
        Assert.Equal("1:ok", await fixture.HistoryAsync());
    }

    [Fact]
    public async Task A_duplicate_in_a_table_of_the_users_own_is_not_taken_for_another_tool()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE migrations (i int PRIMARY KEY); INSERT INTO migrations VALUES (1), (1);");
        var error = await fixture.FailsAsync(MigrationErrorCode.MigrationFailed);
        Assert.DoesNotContain("sqlx-cli", error.Message, StringComparison.Ordinal);
    }
}
