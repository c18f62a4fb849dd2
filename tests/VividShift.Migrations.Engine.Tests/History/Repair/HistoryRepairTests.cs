using System.Text;
using VividShift.Migrations.Catalog;
using VividShift.Migrations.History;
using VividShift.Migrations.Repair;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.History.Repair;

public sealed class HistoryRepairTests
{
    const string Row = "SELECT version, description, success, encode(checksum, 'hex'), execution_time, installed_on FROM _sqlx_migrations ORDER BY version";

    // sqlx-golden.json: 20250926153000_add_orders.up.sql is CRLF, 20250926152953_create_users.sql is LF.
    public static TheoryData<string> GoldenFiles => new(SqlxFiles.Names);

    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public async Task A_file_whose_line_endings_changed_gets_the_checksum_that_sqlx_computes(string name)
    {
        var (content, checksum, version) = SqlxFiles.Of(name);
        await using var fixture = await Workbench.CreateAsync();
        var text = Encoding.UTF8.GetString(content);
        var before = text.Contains('\r', StringComparison.Ordinal)
            ? text.Replace("\r\n", "\n", StringComparison.Ordinal)
            : text.Replace("\n", "\r\n", StringComparison.Ordinal);
        fixture.Folder.Add(name, before);
        await RepairAsync(fixture, new() { Kind = RepairKind.Register, Versions = [version] });
        var applied = (await fixture.Database.QueryAsync(Row, Workbench.Token))[0];
        fixture.Folder.Add(name, content);
        await fixture.FailsAsync(MigrationErrorCode.ChecksumMismatch);

        var (plan, changes) = await RepairAsync(fixture, new() { Kind = RepairKind.Checksums });

        Assert.Empty(plan.Refusals);
        Assert.Contains("only in line endings", Assert.Single(changes).Reason, StringComparison.Ordinal);
        var repaired = (await fixture.Database.QueryAsync(Row, Workbench.Token))[0];
        Assert.Equal(checksum, repaired[3]);
        Assert.Equal(applied.Where((_, i) => i != 3), repaired.Where((_, i) => i != 3));
        Assert.Equal((version, MigrationState.Applied), Assert.Single((await fixture.StatusAsync()).Select(s => (s.Version, s.State))));
        Assert.Empty((await fixture.UpAsync()).Results);
    }

    [Fact]
    public async Task What_is_registered_is_what_sqlx_writes_when_it_skips()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        fixture.Folder.Add("2_b_c.up.sql", "CREATE TABLE b ();");
        fixture.Folder.Add("2_b_c.down.sql", "DROP TABLE b;");

        var (_, changes) = await RepairAsync(fixture, new() { Kind = RepairKind.Register, Target = 2 });

        var rows = await fixture.Database.QueryAsync(Row, Workbench.Token);
        Assert.Equal<object?>([1L, "a", true, $"{Checksum.Of("CREATE TABLE a ();"u8)}", -1L], rows[0][..5]);
        Assert.Equal<object?>([2L, "b c", true, $"{Checksum.Of("CREATE TABLE b ();"u8)}", -1L], rows[1][..5]);
        Assert.Equal(rows.Select(r => new DateTimeOffset((DateTime)r[5]!)), changes.Select(c => c.After!.InstalledOn));
        Assert.Equal(0, await fixture.CountAsync("pg_class WHERE relname IN ('a', 'b')"));
        Assert.Equal(0, await fixture.CountAsync(Workbench.AdvisoryLocks));
    }

    [Fact]
    public async Task A_repair_waits_for_a_run_and_judges_what_that_left()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "SELECT pg_sleep(1);");
        var plan = await PlanAsync(fixture, new() { Kind = RepairKind.Register, Target = 1 });
        var run = fixture.RunAsync(new(), new());
        await fixture.UntilAsync(Workbench.AdvisoryLocks + " AND granted");
        var observer = new RecordingObserver();

        var error = await Assert.ThrowsAsync<MigrationException>(() => ApplyAsync(fixture, plan, observer));

        Assert.Equal(MigrationErrorCode.PlanChanged, error.Code);
        Assert.NotEmpty(observer.Told<WaitingForLock>());
        Assert.Single((await run).Results);
        Assert.Equal("1:ok", await fixture.HistoryAsync());
    }

    [Fact]
    public async Task A_repair_that_finds_the_lock_taken_changes_nothing()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.LockTimeout = TimeSpan.Zero;
        fixture.Folder.Add("1_a.sql", "SELECT pg_sleep(60);");
        var plan = await PlanAsync(fixture, new() { Kind = RepairKind.Register, Target = 1 });
        using var stop = new CancellationTokenSource();
        var run = fixture.RunAsync(new(), new(), stop.Token);
        await fixture.UntilAsync("pg_stat_activity WHERE application_name = 'VividShift.Migrations 1' AND datname = current_database()");

        var error = await Assert.ThrowsAsync<MigrationException>(() => ApplyAsync(fixture, plan, new()));

        Assert.Equal(MigrationErrorCode.LockTimeout, error.Code);
        Assert.Contains("VividShift.Migrations 1", error.Message, StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(0, await fixture.CountAsync("_sqlx_migrations"));
    }

    [Fact]
    public async Task One_row_that_another_tool_changes_between_the_judgement_and_the_write_takes_all_changes_back()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "SELECT 1;\n");
        fixture.Folder.Add("2_b.sql", "SELECT 2;\n");
        await fixture.UpAsync();
        fixture.Folder.Add("1_a.sql", "SELECT 1;\r\n");
        fixture.Folder.Add("2_b.sql", "SELECT 2;\r\n");
        var plan = await PlanAsync(fixture, new() { Kind = RepairKind.Checksums });
        // sqlx-cli takes no lock: a trigger stands for what it writes at the worst moment, after the first row was changed.
        await fixture.Database.ExecuteAsync("""
            CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN DELETE FROM _sqlx_migrations WHERE version = 2; RETURN NULL; END $$;
            CREATE TRIGGER other AFTER UPDATE ON _sqlx_migrations FOR EACH ROW WHEN (OLD.version = 1) EXECUTE FUNCTION other();
            """, Workbench.Token);
        var before = await fixture.Database.QueryAsync(Row, Workbench.Token);

        var error = await Assert.ThrowsAsync<MigrationException>(() => ApplyAsync(fixture, plan, new()));

        Assert.Equal(MigrationErrorCode.PlanChanged, error.Code);
        Assert.Equal(before, await fixture.Database.QueryAsync(Row, Workbench.Token));
    }

    [Fact]
    public async Task A_role_that_may_not_write_is_told_so_and_planning_needs_no_right_to()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "SELECT 1;");
        await fixture.UpAsync();
        await using var role = await fixture.Database.CreateRoleAsync("GRANT SELECT ON _sqlx_migrations TO {role}");
        fixture.ConnectionString = role.ConnectionString;
        var plan = await PlanAsync(fixture, new() { Kind = RepairKind.Unregister, Versions = [1] });
        Assert.Single(plan.Changes);
        var error = await Assert.ThrowsAsync<MigrationException>(() => ApplyAsync(fixture, plan, new()));
        Assert.Equal(MigrationErrorCode.PermissionDenied, error.Code);
        Assert.Equal("1:ok", await fixture.HistoryAsync());
    }

    [Fact]
    public async Task A_migration_that_stopped_half_way_runs_again_after_it_was_settled_as_not_applied()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "-- no-transaction\nCREATE TABLE a ();\nSELECT 1 / 0;\n");
        await fixture.FailsAsync(MigrationErrorCode.MigrationFailed);
        Assert.Equal("1:unfinished:untimed", await fixture.HistoryAsync());
        await fixture.Database.ExecuteAsync("DROP TABLE a", Workbench.Token);
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();\n");

        Assert.Empty((await PlanAsync(fixture, new() { Kind = RepairKind.Applied, Versions = [1] })).Changes);
        await RepairAsync(fixture, new() { Kind = RepairKind.NotApplied, Versions = [1] });

        Assert.Single((await fixture.UpAsync()).Results);
        Assert.Equal("1:ok", await fixture.HistoryAsync());
    }

    static Task<RepairPlan> PlanAsync(Workbench fixture, RepairRequest repair) =>
        fixture.Open().History.PlanAsync(repair, new RecordingObserver(), Workbench.Token);

    static Task<IReadOnlyList<HistoryChange>> ApplyAsync(Workbench fixture, RepairPlan plan, RecordingObserver observer) =>
        fixture.Opened.MakerOf(plan.MadeBy).History.ApplyAsync(plan, plan.Changes, observer, Workbench.Token);

    static async Task<(RepairPlan Plan, IReadOnlyList<HistoryChange> Changes)> RepairAsync(Workbench fixture, RepairRequest repair)
    {
        var plan = await PlanAsync(fixture, repair);
        return (plan, await ApplyAsync(fixture, plan, new()));
    }
}
