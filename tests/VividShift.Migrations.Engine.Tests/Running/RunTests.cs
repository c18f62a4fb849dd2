using VividShift.Migrations.History;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Tests.Running;

public class RunTests
{
    [Fact]
    public async Task What_is_applied_is_in_the_database_in_history_and_in_the_results()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_users.sql", "CREATE TABLE users (id int PRIMARY KEY);\nINSERT INTO users VALUES (1), (2);");
        fixture.Folder.Add("2_orders.up.sql", "CREATE TABLE orders (id int);");
        var seen = await fixture.UpAsync();
        Assert.Equal("1:ok 2:ok", await fixture.HistoryAsync());
        Assert.Equal(2, await fixture.CountAsync("users"));
        Assert.Equal([(1, MigrationOutcome.Applied), (2, MigrationOutcome.Applied)], seen.Results.Select(r => (r.Version, r.Outcome)));
        Assert.All(seen.Results, r => Assert.True(r.Duration > TimeSpan.Zero && r.Transactional));
    }

    [Fact]
    public async Task A_run_that_is_repeated_does_nothing()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        await fixture.UpAsync();
        Assert.Empty((await fixture.UpAsync()).Results);
        Assert.Equal([MigrationState.Applied], (await fixture.StatusAsync()).Select(s => s.State));
    }

    [Fact]
    public async Task A_run_with_nothing_to_do_reads_the_folder_once_and_history_once_and_takes_no_lock()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        await fixture.UpAsync();
        var told = (await fixture.UpAsync()).Told<VerboseMessage>().Select(s => s.Message).ToList();
        Assert.Single(told, m => m.Contains("migration(s) from", StringComparison.Ordinal));
        Assert.Single(told, m => m.Contains("row(s) of", StringComparison.Ordinal));
        Assert.DoesNotContain(told, m => m.Contains("lock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Looking_writes_nothing_at_all()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        var before = await fixture.Database.ScalarAsync<string>("SELECT pg_current_wal_insert_lsn()::text", Workbench.Token);
        Assert.Equal([MigrationState.Pending], (await fixture.StatusAsync()).Select(s => s.State));
        Assert.Single((await fixture.PlanAsync()).Steps);
        Assert.Null(await fixture.Database.ScalarAsync<string>("SELECT to_regclass('_sqlx_migrations')::text", Workbench.Token));
        Assert.Equal(0, await fixture.CountAsync(Workbench.AdvisoryLocks));
        Assert.NotEmpty(before!);
    }

    [Fact]
    public async Task Undo_runs_down_scripts_newest_first_and_removes_rows()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        fixture.Folder.Add("1_a.down.sql", "DROP TABLE a;");
        fixture.Folder.Add("2_b.up.sql", "CREATE TABLE b ();");
        fixture.Folder.Add("2_b.down.sql", "DROP TABLE b;");
        await fixture.UpAsync();
        var seen = await fixture.DownAsync(new() { All = true });
        Assert.Equal([2, 1], seen.Results.Select(r => r.Version));
        Assert.Equal(string.Empty, await fixture.HistoryAsync());
        Assert.Equal(0, await fixture.CountAsync("pg_class WHERE relname IN ('a', 'b')"));
    }

    [Fact]
    public async Task A_failing_statement_rolls_its_migration_back_and_keeps_the_ones_before()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        var path = fixture.Folder.Add("2_b.sql", "CREATE TABLE b ();\n-- é🚀\nALTER TABLE nowhere\n  ADD c int;\n");
        fixture.Folder.Add("3_c.sql", "CREATE TABLE c ();");
        var error = await fixture.FailsAsync(MigrationErrorCode.MigrationFailed);
        Assert.Equal((path, 3, 1), (error.Location!.Path, error.Location.Line, error.Location.Column));
        Assert.Equal("42P01", error.Sql!.SqlState);
        Assert.Contains("ALTER TABLE nowhere", error.Message, StringComparison.Ordinal);
        Assert.Contains("rolled back", error.DatabaseState!, StringComparison.Ordinal);
        Assert.Contains("1 migration(s) before it", error.DatabaseState!, StringComparison.Ordinal);
        Assert.Equal(MigrationOutcome.Failed, Assert.IsType<MigrationResult>(error.Target).Outcome);
        Assert.Equal("1:ok", await fixture.HistoryAsync());
        Assert.Equal(0, await fixture.CountAsync("pg_class WHERE relname = 'b'"));
        Assert.Equal(0, await fixture.CountAsync(Workbench.AdvisoryLocks));
    }

    [Fact]
    public async Task The_caret_stands_under_the_place_the_server_means_even_behind_wide_characters()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "SELECT '🚀🚀' AS a, nope;\n");
        var error = await fixture.FailsAsync(MigrationErrorCode.MigrationFailed);
        Assert.Equal((1, 19), (error.Location!.Line, error.Location.Column));
        Assert.Contains("  1 | SELECT '🚀🚀' AS a, nope;\n    |                   ^", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_files_settings_role_and_temporary_tables_do_not_reach_the_next_or_the_bookkeeping()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add(
            "1_a.sql",
            "SELECT pg_catalog.set_config('search_path', '', false); SET statement_timeout = 1; CREATE TEMP TABLE t (); SET ROLE pg_monitor;");
        fixture.Folder.Add(
            "2_b.sql",
            "CREATE TABLE b AS SELECT current_setting('statement_timeout') AS s, current_user::text AS u, to_regclass('pg_temp.t') IS NULL AS gone;");
        await fixture.UpAsync();
        Assert.Equal("1:ok 2:ok", await fixture.HistoryAsync());
        var row = Assert.Single(await fixture.Database.QueryAsync("SELECT s, u, gone FROM public.b", Workbench.Token));
        Assert.Equal(["0", fixture.Database.UserName, true], row);
    }

    [Fact]
    public async Task A_files_own_outer_transaction_is_taken_as_ours()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add(
            "1_a.sql",
            "BEGIN ISOLATION LEVEL SERIALIZABLE;\nCREATE TABLE a AS SELECT current_setting('transaction_isolation') AS level;\nCOMMIT;\n");
        await fixture.UpAsync();
        Assert.Equal("serializable", await fixture.Database.ScalarAsync<string>("SELECT level FROM a", Workbench.Token));
        Assert.Equal("1:ok", await fixture.HistoryAsync());
    }

    [Fact]
    public async Task Bodies_quotes_and_copy_data_reach_the_server_as_they_are()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", """
            CREATE TABLE people (id int, name text);
            COPY people (id, name) FROM stdin;
            1	semi;colon
            2	back\\slash
            \.
            CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT i * 2; END;
            DO $тег$ BEGIN INSERT INTO people VALUES (twice(2), $q$it's; fine$q$); END $тег$;
            CREATE RULE r AS ON DELETE TO people DO ALSO (SELECT 1; SELECT 2);

            """);
        await fixture.UpAsync();
        var names = await fixture.Database.QueryAsync("SELECT name FROM people ORDER BY id", Workbench.Token);
        Assert.Equal(["semi;colon", "back\\slash", "it's; fine"], names.Select(r => (string)r[0]!));
    }

    [Fact]
    public async Task Bad_copy_data_is_told_with_its_line_and_rolled_back()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE n (i int);\nCOPY n FROM stdin;\n1\nx\n\\.\n");
        var error = await fixture.FailsAsync(MigrationErrorCode.MigrationFailed);
        Assert.Equal("22P02", error.Sql!.SqlState);
        Assert.Contains("COPY n, line 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await fixture.CountAsync("pg_class WHERE relname = 'n'"));
    }

    [Fact]
    public async Task Thousands_of_statements_are_one_transaction()
    {
        await using var fixture = await Workbench.CreateAsync();
        var sql = "CREATE TABLE n (i int);\n" + string.Concat(
            Enumerable.Range(0, 5000).Select(i => FormattableString.Invariant($"INSERT INTO n VALUES ({i});\n")));
        fixture.Folder.Add("1_a.sql", sql + "INSERT INTO n VALUES ('x');\n");
        var error = await fixture.FailsAsync(MigrationErrorCode.MigrationFailed);
        Assert.Equal(5002, error.Location!.Line);
        Assert.Equal(0, await fixture.CountAsync("pg_class WHERE relname = 'n'"));
        fixture.Folder.Add("1_a.sql", sql);
        await fixture.UpAsync();
        Assert.Equal(5000, await fixture.CountAsync("n"));
    }

    [Fact]
    public async Task Notices_belong_to_their_migration()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "DO $$ BEGIN RAISE NOTICE 'half of %', 7 USING HINT = 'go on'; RAISE WARNING 'careful'; END $$;");
        var seen = await fixture.UpAsync();
        Assert.Equal([("NOTICE", "half of 7"), ("WARNING", "careful")], Assert.Single(seen.Results).Notices.Select(n => (n.Severity, n.Message)));
        Assert.All(seen.Told<NoticeReceived>(), n => Assert.Equal(1, n.Notice.Version));
    }

    [Fact]
    public async Task One_transaction_for_all_is_all_or_nothing()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        fixture.Folder.Add("2_b.sql", "CREATE TABLE b (c nosuchtype);");
        var all = new PlanRequest { Transaction = TransactionMode.All };
        var error = await fixture.FailsAsync(MigrationErrorCode.MigrationFailed, all);
        Assert.Contains("The whole run was rolled back", error.DatabaseState!, StringComparison.Ordinal);
        Assert.Equal(0, await fixture.CountAsync("_sqlx_migrations"));
        fixture.Folder.Add("2_b.sql", "CREATE TABLE b ();");
        Assert.Equal([1, 2], (await fixture.UpAsync(all)).Results.Select(r => r.Version));
        Assert.Equal("1:ok 2:ok", await fixture.HistoryAsync());
    }

    [Fact]
    public async Task Deferred_constraints_are_checked_under_the_files_own_settings()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", """
            CREATE SCHEMA app; SET search_path = app;
            CREATE TABLE log (t text); CREATE TABLE a (i int);
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES ('fired'); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER t AFTER INSERT ON a DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note();
            INSERT INTO a VALUES (1);
            """);
        await fixture.UpAsync();
        Assert.Equal(1, await fixture.CountAsync("app.log"));
        Assert.Equal("1:ok", await fixture.HistoryAsync());
    }
}
