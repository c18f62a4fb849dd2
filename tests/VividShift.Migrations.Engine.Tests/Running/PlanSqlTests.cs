using System.Diagnostics;
using System.Text.RegularExpressions;
using VividShift.Migrations.History;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Tests.Running;

/// <summary>The script of a plan, run by the real psql, does what a run does.</summary>
public partial class PlanSqlTests
{
    [Theory]
    [InlineData(TransactionMode.PerMigration, true)]
    [InlineData(TransactionMode.All, false)]
    public async Task Psql_reaches_the_same_end_state_by_the_script(TransactionMode mode, bool outside)
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_it's_a.sql", "BEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;\nCOMMIT;");
        fixture.Folder.Add("2_b.up.sql", "SELECT set_config('search_path', '', false); CREATE TABLE public.b (i int, t text);\nCOPY public.b FROM stdin;\n1\ta;b\n\\.\n-- the end");
        fixture.Folder.Add("2_b.down.sql", "DROP TABLE public.b");
        if (outside)
        {
            fixture.Folder.Add("3_c.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY b_i ON public.b (i)");
            fixture.Folder.Add("3_c.down.sql", "-- no-transaction\nDROP INDEX CONCURRENTLY b_i");
        }

        await using var other = await fixture.Database.CloneAsync(Workbench.Token);
        var request = new PlanRequest { Transaction = mode };
        await RunPsqlAsync(other.Url, PlanSql.Render(await fixture.PlanAsync(request)));
        await fixture.UpAsync(request);
        const string Rows = "SELECT string_agg(format('%s %s %s %s', version, description, success, checksum), ', ' ORDER BY version) FROM _sqlx_migrations";
        Assert.Equal(await fixture.Database.ScalarAsync<string>(Rows, Workbench.Token), await other.ScalarAsync<string>(Rows, Workbench.Token));
        Assert.Equal(await fixture.Database.SchemaDumpAsync(Workbench.Token), await other.SchemaDumpAsync(Workbench.Token));
        Assert.Equal("a;b", await other.ScalarAsync<string>("SELECT t FROM public.b", Workbench.Token));
        Assert.Equal(0L, await other.ScalarAsync<long>("SELECT count(*) FROM _sqlx_migrations WHERE execution_time <= 0", Workbench.Token));

        fixture.ConnectionString = other.ConnectionString;
        Assert.All(await fixture.StatusAsync(), s => Assert.Equal(MigrationState.Applied, s.State));
        await RunPsqlAsync(other.Url, PlanSql.Render(await fixture.PlanAsync(new() { Direction = MigrationDirection.Down, Count = outside ? 2 : 1 })));
        Assert.Equal(1L, await other.ScalarAsync<long>("SELECT count(*) FROM _sqlx_migrations", Workbench.Token));
    }

    [Theory]
    [InlineData(TransactionMode.PerMigration, "CREATE TABLE a ();")]
    [InlineData(TransactionMode.PerMigration, "BEGIN ISOLATION LEVEL SERIALIZABLE;\nCREATE TABLE a ();\nEND;")]
    [InlineData(TransactionMode.PerMigration, "CREATE TABLE a (i int); COPY a FROM stdin;\n1\n\\.\nSELECT 'b';")]
    [InlineData(TransactionMode.PerMigration, "-- no-transaction\nCREATE TABLE a (i int);\nCREATE INDEX CONCURRENTLY a_i ON a (i);")]
    [InlineData(TransactionMode.All, "CREATE TABLE a ();")]
    public async Task The_script_holds_the_statements_that_a_run_sends_and_in_their_order(TransactionMode mode, string sql)
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", sql);
        fixture.Folder.Add("2_b.sql", "CREATE TABLE b ();");
        await AssertSameStatementsAsync(fixture, new() { Transaction = mode }, marks: 2);
    }

    [Theory]
    [InlineData(TransactionMode.PerMigration, "DROP TABLE a;")]
    [InlineData(TransactionMode.PerMigration, "-- no-transaction\nDROP INDEX CONCURRENTLY a_i;\nDROP TABLE a;")]
    [InlineData(TransactionMode.All, "DROP TABLE a;")]
    public async Task The_script_of_an_undo_holds_the_statements_that_a_run_sends(TransactionMode mode, string down)
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.up.sql", "CREATE TABLE a (i int); CREATE INDEX a_i ON a (i);");
        fixture.Folder.Add("1_a.down.sql", down);
        await fixture.UpAsync();
        await AssertSameStatementsAsync(fixture, new() { Direction = MigrationDirection.Down, Transaction = mode }, marks: 1);
    }

    [Theory]
    [InlineData("-- no-transaction\nCREATE TABLE IF NOT EXISTS a ();")]
    [InlineData("CREATE TABLE IF NOT EXISTS a ();")]
    public async Task The_script_of_a_retry_holds_the_statements_that_a_run_sends(string retried)
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "-- no-transaction\nCREATE TABLE a ();\nSELECT 1/0;");
        await fixture.FailsAsync(MigrationErrorCode.MigrationFailed);
        fixture.Folder.Add("1_a.sql", retried);
        await AssertSameStatementsAsync(fixture, new() { Force = true }, marks: 1);
    }

    [Fact]
    public async Task The_script_waits_for_the_lock_without_holding_up_an_index_build_of_its_holder()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a (i int);");
        await fixture.UpAsync();
        fixture.Folder.Add("2_b.sql", "CREATE TABLE b ();");
        var plan = await fixture.PlanAsync();
        await using var holder = new Npgsql.NpgsqlConnection(fixture.Database.ConnectionString);
        await holder.OpenAsync(Workbench.Token);
        await ExecuteAsync(FormattableString.Invariant($"SELECT pg_advisory_lock({plan.Context.LockKey})"));
        var psql = RunPsqlAsync(fixture.Database.Url, PlanSql.Render(plan));
        await fixture.UntilAsync("pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid()");
        await ExecuteAsync("CREATE INDEX CONCURRENTLY a_i ON a (i)");
        Assert.False(psql.IsCompleted);
        await ExecuteAsync(FormattableString.Invariant($"SELECT pg_advisory_unlock({plan.Context.LockKey})"));
        await psql;
        Assert.Equal("1:ok 2:ok", await fixture.HistoryAsync());

        async Task ExecuteAsync(string sql)
        {
            await using var command = new Npgsql.NpgsqlCommand(sql, holder);
            await command.ExecuteNonQueryAsync(Workbench.Token);
        }
    }

    [Fact]
    public async Task Neither_a_psql_variable_of_the_user_nor_a_files_name_changes_what_the_script_does()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a\n\\! touch made_by_a_name\n.sql", "CREATE TABLE a AS SELECT (ARRAY[1, 2, 3])[1:hi] AS slice FROM (SELECT 2 AS hi) AS bounds;");
        var script = PlanSql.Render(await fixture.PlanAsync());
        await RunPsqlAsync(fixture.Database.Url, script, "-v", "hi=1");
        Assert.False(File.Exists("made_by_a_name"));
        Assert.Equal(2, (await fixture.Database.ScalarAsync<int[]>("SELECT slice FROM a", Workbench.Token))!.Length);
    }

    static async Task AssertSameStatementsAsync(Workbench fixture, PlanRequest request, int marks)
    {
        await using var other = await fixture.Database.CloneAsync(Workbench.Token);
        var script = PlanSql.Render(await fixture.PlanAsync(request));
        var sent = (await fixture.RunAsync(request, new())).Told<StatementSent>().Select(e => e.Sql).ToList();
        Assert.Equal(marks, sent.Count(sql => sql.Contains("application_name", StringComparison.Ordinal)));
        var received = OfPlan(await RunPsqlAsync(other.Url, script, "-e", "-o", "/dev/null"));
        Assert.Equal(sent.Count, received.Count);
        // A run sends values as parameters.
        Assert.All(sent.Zip(received), pair => Assert.Matches(Pattern($"^{Values().Replace(Regex.Escape(pair.First), ".+")}$"), pair.Second));
    }

    /// <summary>What psql says it sent, without what only psql needs.</summary>
    static List<string> OfPlan(string echo)
    {
        var text = Timer().Replace(echo, string.Empty).Replace("stdin\n;", "stdin\n;\n\\.", StringComparison.Ordinal);
        var parsed = SqlScript.Parse(text);
        Assert.Empty(parsed.Problems);
        var all = parsed.Statements.Select(parsed.TextOf).ToList();
        var locked = all.FindIndex(sql => sql.Contains("pg_try_advisory_lock", StringComparison.Ordinal));
        return [.. all.Skip(locked + 1).SkipLast(1).Where(sql => !OfPsql().IsMatch(sql))];
    }

    static Regex Pattern(string pattern) => new(pattern, RegexOptions.None, TimeSpan.FromSeconds(5));

    [GeneratedRegex(@"\\\$[1-9]", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Values();

    [GeneratedRegex(@"SELECT pg_catalog\.clock_timestamp\(\) AS \w+\s*\n", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Timer();

    [GeneratedRegex(
        @"^(CREATE TABLE IF NOT EXISTS \S+_sqlx_migrations|SET (client_encoding|TimeZone|DateStyle|extra_float_digits) )",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex OfPsql();

    static async Task<string> RunPsqlAsync(string url, string script, params string[] options)
    {
        var start = new ProcessStartInfo("psql", ["-X", "-q", .. options, "-d", url, "-f", "-"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        using var psql = Process.Start(start)!;
        var errors = psql.StandardError.ReadToEndAsync(Workbench.Token);
        var output = psql.StandardOutput.ReadToEndAsync(Workbench.Token);
        await psql.StandardInput.WriteAsync(script.AsMemory(), Workbench.Token);
        psql.StandardInput.Close();
        await psql.WaitForExitAsync(Workbench.Token);
        Assert.True(psql.ExitCode == 0, await errors + "\n" + script);
        return await output;
    }
}
