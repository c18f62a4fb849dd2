namespace VividShift.Migrations.Engine.Tests.Hooks;

public sealed class SqlHookTests
{
    [Fact]
    public async Task A_file_of_sql_is_one_transaction_without_a_row_in_history()
    {
        await using var fixture = await HookFixture.CreateAsync(
            """{ "beforeRun": [ { "sql": "hooks/before.sql" } ], "afterMigration": [ { "sql": "hooks/after.sql" } ] }""");
        fixture.File(
            "hooks/before.sql",
            "CREATE TABLE log (at xid8);\nINSERT INTO log SELECT pg_current_xact_id();\nINSERT INTO log SELECT pg_current_xact_id();\n");
        fixture.File("hooks/after.sql", "INSERT INTO log SELECT pg_current_xact_id();\n");

        await fixture.RunAsync();

        Assert.Equal(5, await fixture.Bench.CountAsync("log"));
        Assert.Equal(4, await fixture.Bench.CountAsync("(SELECT DISTINCT at::text FROM log) AS transactions"));
        Assert.Equal("1:ok 2:ok 3:ok", await fixture.HistoryAsync());
    }

    [Fact]
    public async Task A_statement_that_cannot_be_in_a_transaction_runs_outside_one()
    {
        await using var fixture = await HookFixture.CreateAsync("""{ "afterRun": [ { "sql": "after.sql" } ] }""");
        fixture.File("after.sql", "CREATE INDEX CONCURRENTLY users_id ON users (id);\nVACUUM users;\n");

        await fixture.RunAsync();

        Assert.Equal(1, await fixture.Bench.CountAsync("pg_class WHERE relname = 'users_id'"));
    }

    [Fact]
    public async Task A_statement_that_fails_is_named_by_its_place_and_rolls_the_file_back()
    {
        await using var fixture = await HookFixture.CreateAsync("""{ "beforeRun": [ { "sql": "before.sql" } ] }""");
        fixture.File("before.sql", "CREATE TABLE log (id int);\nINSERT INTO log\n  SELECT nonsense;\n");

        var error = await fixture.FailsAsync();

        Assert.Contains(
            "(before.sql, vividshift.json:1) failed: line 3, column 10: column \"nonsense\" does not exist (42703). Nothing was changed",
            error.Message,
            StringComparison.Ordinal);
        Assert.Equal(0, await fixture.Bench.CountAsync("pg_class WHERE relname = 'log'"));
    }

    [Fact]
    public async Task A_file_that_takes_too_long_is_cancelled_on_the_server()
    {
        await using var fixture = await HookFixture.CreateAsync("""{ "beforeRun": [ { "sql": "before.sql", "timeoutSec": 1 } ] }""");
        fixture.File("before.sql", "SELECT pg_sleep(600);\n");

        Assert.Contains("failed: it did not end within 1 s and was cancelled.", (await fixture.FailsAsync()).Message, StringComparison.Ordinal);
        Assert.Equal(0, await fixture.Bench.CountAsync(
            "pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid() AND state = 'active'"));
    }
}
