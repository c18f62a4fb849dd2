using Npgsql;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Authoring;

public class DataTemplateTests
{
    static readonly string[] Backfill =
        ["table=thing", "column=new_value", "value=t.old_value * 2", "condition=t.new_value IS NULL", "batch_size=10"];

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(95)]
    public async Task It_fills_every_row_batch_by_batch_and_ends(int rows)
    {
        await using var database = await ThingsAsync(rows);
        await ScriptRun.AsModuleAsync(database, Shipped.Pair("data", Backfill).Up);
        Assert.Equal((long)rows, await database.ScalarAsync<long>("SELECT count(*) FROM thing WHERE new_value = old_value * 2"));
        // Each batch is a transaction of its own, so its rows carry another xmin.
        Assert.Equal((rows + 9L) / 10, await database.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM thing"));
    }

    [Fact]
    public async Task It_runs_in_sqlxs_one_message_and_with_its_defaults_and_again_with_nothing_left()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(Shipped.Basis);
        await ScriptRun.AsModuleAsync(database, Shipped.Pair("table").Up);
        await database.ExecuteAsync("INSERT INTO example_table (name) SELECT 'n' || n FROM generate_series(1, 2500) n");
        var (up, down) = Shipped.Pair("data");
        await ScriptRun.AsSqlxAsync(database, up);
        await ScriptRun.AsSqlxAsync(database, up);
        Assert.Equal(2500L, await database.ScalarAsync<long>("SELECT count(*) FROM example_table WHERE description = name"));
        await ScriptRun.AsSqlxAsync(database, down);
        await ScriptRun.AsModuleAsync(database, down);
        Assert.Equal(2500L, await database.ScalarAsync<long>("SELECT count(*) FROM example_table WHERE description = name"));
    }

    [Fact]
    public async Task Rows_that_the_value_leaves_as_they_were_do_not_keep_it_busy_and_are_told()
    {
        await using var database = await ThingsAsync(35);
        await database.ExecuteAsync("UPDATE thing SET old_value = NULL WHERE id % 7 = 0");
        var error = await Assert.ThrowsAsync<PostgresException>(() => ScriptRun.AsModuleAsync(database, Shipped.Pair("data", Backfill).Up));
        Assert.Contains("5 rows are not filled", error.MessageText, StringComparison.Ordinal);
        Assert.Equal(30L, await database.ScalarAsync<long>("SELECT count(*) FROM thing WHERE new_value IS NOT NULL"));
        await database.ExecuteAsync("UPDATE thing SET old_value = 1 WHERE old_value IS NULL");
        await ScriptRun.AsModuleAsync(database, Shipped.Pair("data", Backfill).Up);
        Assert.Equal(0L, await database.ScalarAsync<long>("SELECT count(*) FROM thing WHERE new_value IS NULL"));
    }

    [Fact]
    public async Task It_takes_names_that_need_quotes()
    {
        await using var database = await ThingsAsync(25);
        await database.ExecuteAsync("""ALTER TABLE thing RENAME TO "Thing"; ALTER TABLE "Thing" RENAME id TO "Key" """);
        await ScriptRun.AsModuleAsync(database, Shipped.Pair("data", ["table=Thing", "key=Key", .. Backfill[1..]]).Up);
        Assert.Equal(0L, await database.ScalarAsync<long>("""SELECT count(*) FROM "Thing" WHERE new_value IS NULL"""));
    }

    static async Task<TestDatabase> ThingsAsync(int rows)
    {
        var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(
            "CREATE TABLE thing (id int PRIMARY KEY, old_value int, new_value int);" +
            $"INSERT INTO thing SELECT n * 3, n FROM generate_series(1, {rows}) n");
        return database;
    }
}
