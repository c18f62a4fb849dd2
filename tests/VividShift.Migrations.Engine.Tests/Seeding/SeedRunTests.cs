using VividShift.Migrations.Running;
using VividShift.Migrations.Seeding;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Seeding;

/// <summary>Which files run, in which order, and what stays when one fails.</summary>
public sealed class SeedRunTests
{
    const string Log = "CREATE TABLE log (n serial, t text)";

    [Fact]
    public async Task Common_goes_first_then_the_environment_each_by_number()
    {
        await using var fixture = await SeedFixture.CreateAsync(Log);
        foreach (var name in new[] { "common/10_b", "common/9_a", "common/plain", "staging/1_c", "dev/1_d", "staging/01_b" })
        {
            fixture.Folder.Add($"seeds/{name}.sql", $"INSERT INTO log (t) VALUES ('{name}');");
        }

        fixture.Folder.Add("seeds/common/README.md", "No seed.");
        fixture.Folder.Add("seeds/1_root.sql", "no sql at all");
        var expected = new[] { "common/9_a", "common/10_b", "common/plain", "staging/01_b", "staging/1_c" };

        fixture.Environment = "staging";
        var seeded = await fixture.SeedAsync();

        Assert.Equal(expected.Select(name => name + ".sql Seeded"), seeded);
        Assert.Equal(string.Join(',', expected), await fixture.AskAsync("SELECT string_agg(t, ',' ORDER BY n) FROM log"));
        fixture.Environment = null;
        Assert.Equal([.. expected.Take(3).Select(name => name + ".sql Unchanged"), "dev/1_d.sql Seeded"], await fixture.SeedAsync());
    }

    [Fact]
    public async Task A_failure_leaves_what_came_before_it_and_nothing_of_its_own()
    {
        await using var fixture = await SeedFixture.CreateAsync(Log);
        fixture.Folder.Add("seeds/common/1_a.sql", "INSERT INTO log (t) VALUES ('one');");
        var path = fixture.Folder.Add("seeds/common/2_b.sql", "INSERT INTO log (t) VALUES ('two');\n\nINSERT INTO lgo VALUES (1);");
        fixture.Folder.Add("seeds/common/3_c.sql", "INSERT INTO log (t) VALUES ('three');");

        var error = await fixture.FailsAsync();

        Assert.Equal(new SourceLocation(path, 3, 13, "INSERT INTO lgo VALUES (1);"), error.Location);
        Assert.Contains("relation \"lgo\" does not exist", error.Message, StringComparison.Ordinal);
        Assert.Equal("one", await fixture.AskAsync("SELECT t FROM log"));

        fixture.Folder.Add("seeds/common/2_b.sql", "BEGIN; INSERT INTO log (t) VALUES ('two'); COMMIT;");
        Assert.Equal(
            ["common/1_a.sql Unchanged", "common/2_b.sql Seeded", "common/3_c.sql Seeded"], await fixture.SeedAsync());
    }

    [Theory]
    [InlineData("SELECT 1;\nCOMMIT;\nSELECT 2;", 2, "COMMIT within a seed")]
    [InlineData("SELECT 1;\n\nVACUUM;", 3, "VACUUM cannot run inside a transaction")]
    [InlineData("\nSELECT 'open;", 2, "never ends")]
    [InlineData("\\i other.sql", 1, "")]
    [InlineData("COPY log TO STDOUT;", 1, "COPY TO STDOUT")]
    public async Task SQL_that_cannot_be_one_transaction_is_refused(string sql, int line, string said)
    {
        await using var fixture = await SeedFixture.CreateAsync(Log);
        fixture.Folder.Add("seeds/common/1.sql", sql);

        var error = await fixture.FailsAsync();

        Assert.Equal(line, error.Location!.Line);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_file_leaves_in_the_session_does_not_reach_the_next()
    {
        await using var fixture = await SeedFixture.CreateAsync(Log);
        fixture.Folder.Add("seeds/common/1.sql", "SET search_path = pg_catalog; SET ROLE NONE; CREATE TEMP TABLE left_over (a int);");
        fixture.Folder.Add("seeds/common/2.sql", "INSERT INTO log (t) SELECT to_regclass('left_over') IS NULL;");

        await fixture.SeedAsync();

        Assert.Equal("true", await fixture.AskAsync("SELECT t FROM log"));
    }

    [Fact]
    public async Task Names_choose_by_pattern_and_a_wrong_one_is_told()
    {
        await using var fixture = await SeedFixture.CreateAsync(Log);
        fixture.Folder.Add("seeds/common/1_users.sql", "SELECT 1");
        fixture.Folder.Add("seeds/common/2_orders.sql", "SELECT 1");
        fixture.Folder.Add("seeds/dev/3_users_more.sql", "SELECT 1");

        Assert.Equal(["common/2_orders.sql Seeded"], await fixture.SeedAsync(SeedFixture.Request(names: "orders")));
        Assert.Equal(["common/1_users.sql Seeded", "dev/3_users_more.sql Seeded"], await fixture.SeedAsync(SeedFixture.Request(names: ["users*"])));
        Assert.Equal(["common/1_users.sql Unchanged"], await fixture.SeedAsync(SeedFixture.Request(names: "common/1_users.sql")));
        var error = await fixture.FailsAsync(MigrationErrorCode.PathNotFound, SeedFixture.Request(names: "oders"));
        Assert.Contains("Did you mean 'orders'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seeds_are_refused_for_every_file_and_name_that_cannot_be_used_at_once_and_nothing_is_written()
    {
        await using var fixture = await SeedFixture.CreateAsync(Log);
        fixture.Folder.Add("seeds/common/1_good.sql", "INSERT INTO log (t) VALUES ('x')");
        fixture.Folder.Add("seeds/common/2_open.sql", "SELECT 1;\nSELECT 'never ends;\n");
        fixture.Folder.Add("seeds/common/3_control.sql", "COMMIT;\nVACUUM;\n");
        fixture.Folder.Add("seeds/common/4_empty.csv", "");
        fixture.Folder.Add("seeds/common/5_wrong.json", "[ { \"a\": 1 },\n  { \"a\": ]");
        var request = SeedFixture.Request(names: ["*", "nothing_such"]);

        var plan = await fixture.PlanAsync(request);
        var error = await fixture.FailsAsync(MigrationErrorCode.PathNotFound, request);

        Assert.Equal(
            [
                ("PathNotFound", null, null), ("UnterminatedString", "2_open.sql", 2), ("TransactionControl", "3_control.sql", 1),
                ("TransactionControl", "3_control.sql", 2), ("SeedFailed", "4_empty.csv", 1), ("SeedFailed", "5_wrong.json", 2),
            ],
            plan.Findings.Select(finding => (finding.Rule, Path.GetFileName(finding.Path), finding.Line)));
        Assert.Equal(plan.Findings, error.Findings);
        Assert.Contains("(5 more: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("0", await fixture.AskAsync("SELECT count(*) FROM log"));
    }

    [Fact]
    public async Task A_protected_environment_is_refused_before_anything_is_read()
    {
        await using var fixture = await SeedFixture.CreateAsync(Log);
        fixture.Folder.Add("seeds/common/1.sql", "INSERT INTO log (t) VALUES ('x')");
        fixture.Folder.Add("vividshift.prod.json", "{ \"protected\": true }");
        var plan = await fixture.PlanAsync();
        fixture.Environment = "prod";

        await fixture.FailsAsync(MigrationErrorCode.EnvironmentProtected, SeedFixture.Request(force: true));
        var error = Assert.Throws<MigrationException>(
            () => fixture.Open().Seeds.RunAsync(plan, plan.Steps, new RecordingObserver(), SeedFixture.Token));
        Assert.Equal(MigrationErrorCode.DatabaseMismatch, error.Code);

        Assert.Equal("0|t", await fixture.AskAsync("SELECT count(*), to_regnamespace('vividshift') IS NULL FROM log"));
    }

    [Fact]
    public async Task A_plan_writes_nothing_and_works_without_rights_to_write_rows()
    {
        await using var fixture = await SeedFixture.CreateAsync(Log);
        fixture.Folder.Add("seeds/common/1.sql", "SELECT 1");
        await fixture.PlanAsync();
        Assert.Equal("t", await fixture.AskAsync("SELECT to_regnamespace('vividshift') IS NULL"));

        await using var role = await fixture.Database.CreateRoleAsync();
        fixture.ConnectionString = role.ConnectionString;
        var error = Assert.Throws<MigrationException>((await fixture.PlanAsync()).ThrowIfRefused);
        Assert.Equal(MigrationErrorCode.PermissionDenied, error.Code);
        Assert.Contains("GRANT CREATE, USAGE ON SCHEMA vividshift", error.Message, StringComparison.Ordinal);

        await fixture.Database.ExecuteAsync($"CREATE SCHEMA vividshift; GRANT CREATE, USAGE ON SCHEMA vividshift TO \"{role.Name}\"");
        Assert.Equal(["common/1.sql Seeded"], await fixture.SeedAsync());
    }

    [Fact]
    public async Task A_role_without_rights_on_the_table_is_told_so()
    {
        await using var fixture = await SeedFixture.CreateAsync("CREATE TABLE users (id int PRIMARY KEY)");
        await using var role = await fixture.Database.CreateRoleAsync();
        await fixture.Database.ExecuteAsync(
            $"GRANT CREATE ON DATABASE \"{fixture.Database.Name}\" TO \"{role.Name}\"; GRANT SELECT ON users TO \"{role.Name}\"");
        fixture.Folder.Add("seeds/common/1_users.csv", "id\n1\n");
        fixture.ConnectionString = role.ConnectionString;

        await fixture.FailsAsync(MigrationErrorCode.PermissionDenied);

        await fixture.Database.ExecuteAsync($"REVOKE ALL ON DATABASE \"{fixture.Database.Name}\" FROM \"{role.Name}\"");
    }

    [Fact]
    public async Task The_lock_of_migrations_is_waited_for_and_released()
    {
        await using var fixture = await SeedFixture.CreateAsync(Log);
        fixture.Folder.Add("seeds/common/1.sql", "SELECT 1");
        await using (var other = await fixture.Database.OpenAsync(SeedFixture.Token))
        {
            await using var command = other.CreateCommand();
            command.CommandText = $"SELECT pg_advisory_lock({VividShift.Migrations.Engine.History.RunLock.KeyOf(fixture.Database.Name)})";
            await command.ExecuteScalarAsync(SeedFixture.Token);
            await fixture.FailsAsync(MigrationErrorCode.LockTimeout);
        }

        await fixture.SeedAsync();
        Assert.Equal("0", await fixture.AskAsync("SELECT count(*) FROM " + Workbench.AdvisoryLocks));
    }

    [Fact]
    public async Task A_file_that_was_edited_after_it_was_agreed_to_does_not_run()
    {
        await using var fixture = await SeedFixture.CreateAsync(Log);
        fixture.Folder.Add("seeds/common/1.sql", "INSERT INTO log (t) VALUES ('agreed')");
        var plan = await fixture.PlanAsync();
        fixture.Folder.Add("seeds/common/1.sql", "INSERT INTO log (t) VALUES ('other')");

        var error = await Assert.ThrowsAsync<MigrationException>(
            () => fixture.RunAsync(plan));

        Assert.Equal(MigrationErrorCode.PlanChanged, error.Code);
        Assert.Equal("0", await fixture.AskAsync("SELECT count(*) FROM log"));
    }

    [Fact]
    public async Task What_another_run_did_meanwhile_is_not_done_twice()
    {
        await using var fixture = await SeedFixture.CreateAsync(Log);
        fixture.Folder.Add("seeds/common/1.sql", "INSERT INTO log (t) VALUES ('x')");
        var plan = await fixture.PlanAsync();
        await fixture.SeedAsync();
        var observer = new RecordingObserver();

        await fixture.RunAsync(plan, observer);

        Assert.Equal(SeedOutcome.Unchanged, Assert.Single(observer.Seeds).Outcome);
        Assert.Equal("1", await fixture.AskAsync("SELECT count(*) FROM log"));
    }

    [Fact]
    public async Task Cancelling_rolls_the_file_back_and_releases_the_lock()
    {
        await using var fixture = await SeedFixture.CreateAsync("CREATE TABLE users (id int PRIMARY KEY, name text)");
        fixture.Folder.Add(
            "seeds/common/1_users.csv",
            "id,name\n" + string.Concat(Enumerable.Range(1, 50_000).Select(i => FormattableString.Invariant($"{i},name {i}\n"))));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(SeedFixture.Token);
        var observer = new RecordingObserver
        {
            OnEvent = told =>
            {
                if (told is ProgressChanged)
                {
                    stop.Cancel();
                }
            },
        };
        var plan = await fixture.PlanAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.RunAsync(plan, observer, stop.Token));

        Assert.Equal("0", await fixture.AskAsync("SELECT count(*) FROM users"));
        await fixture.SeedAsync();
        Assert.Equal("50000", await fixture.AskAsync("SELECT count(*) FROM users"));
    }
}
