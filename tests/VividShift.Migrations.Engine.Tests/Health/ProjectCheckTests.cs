using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Tests.Health;

[Collection<HealthyServers>]
public sealed class ProjectCheckTests(HealthServers servers)
{
    [Fact]
    public async Task Rows_are_counted_and_the_first_are_shown_with_what_the_comments_say()
    {
        await using var fixture = await servers.BenchAsync();
        await fixture.ExecuteAsync("CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE t (id int PRIMARY KEY, m mood, x text); INSERT INTO t SELECT i, 'sad' FROM generate_series(1, 5000) i;");
        fixture.Folder.Add("checks/sad-rows.sql", """
            -- Nobody should be sad.
            -- severity: warning
            -- message: Rows are sad.
            -- fix: UPDATE t SET m = NULL
            -- fix: WHERE m = 'sad';
            SELECT id, m, x FROM t WHERE m IS NOT NULL ORDER BY id;
            """);
        fixture.Folder.Add("checks/none.sql", "-- All is well.\nSELECT 1 WHERE false;\n");
        var found = Assert.Single(await fixture.TestAsync(HealthGroup.Project));
        Assert.Equal(("sad-rows", FindingSeverity.Warning, "Rows are sad."), (found.Rule, found.Severity, found.Message));
        Assert.Equal("5000 rows, such as (id = 1, m = sad, x = null); (id = 2, m = sad, x = null); (id = 3, m = sad, x = null).", found.Evidence);
        Assert.Equal("UPDATE t SET m = NULL\nWHERE m = 'sad';", found.FixSql);
        Assert.Equal(fixture.Folder.PathOf("checks/sad-rows.sql"), found.Path);
        await fixture.ExecuteAsync(found.FixSql!);
        HealthFixture.AssertNone(await fixture.TestAsync(HealthGroup.Project));
    }

    [Fact]
    public async Task An_error_is_what_a_check_finds_that_says_nothing()
    {
        await using var fixture = await servers.BenchAsync();
        fixture.Folder.Add("checks/plain.sql", "WITH one AS (SELECT 1 AS n) SELECT n FROM one");
        var found = Assert.Single(await fixture.TestAsync());
        Assert.Equal((FindingSeverity.Error, "1 row: (n = 1)."), (found.Severity, found.Evidence));
        Assert.Null(found.FixSql);
    }

    [Theory]
    [InlineData("SELECT id\nFROM t\nWHERE nme = 1", 3, 7)]
    [InlineData("-- ä😀\nSELECT '😀', nme FROM t", 2, 13)]
    [InlineData("SELECT 1;\n  SELECT 2;", 2, 3)]
    [InlineData("\n DELETE FROM t", 2, 2)]
    [InlineData("WITH gone AS (DELETE FROM t RETURNING id) SELECT * FROM gone", 1, 1)]
    [InlineData("SELECT 'open", 1, 8)]
    [InlineData("-- only a comment\n", 1, 1)]
    [InlineData("-- severity: fatal\nSELECT 1", 1, 14)]
    [InlineData("SELECT 1 / 0", 1, 1)]
    [InlineData("SELECT writes()", 1, 1)]
    [InlineData("SELECT set_config('transaction_read_only', 'off', false)", 1, 1)]
    public async Task A_check_that_cannot_be_run_is_an_error_with_its_place_and_changes_nothing(string sql, int line, int column)
    {
        await using var fixture = await servers.BenchAsync();
        await fixture.ExecuteAsync("""
            CREATE TABLE t (id int PRIMARY KEY);
            INSERT INTO t VALUES (1);
            CREATE FUNCTION writes() RETURNS int LANGUAGE sql AS 'DELETE FROM t RETURNING id';
            """);
        fixture.Folder.Add("checks/bad.sql", sql);
        var found = Assert.Single(await fixture.TestAsync());
        Assert.Equal(("CheckInvalid", FindingSeverity.Error), (found.Rule, found.Severity));
        Assert.Equal((fixture.Folder.PathOf("checks/bad.sql"), line, column), (found.Path, found.Line!.Value, found.Column!.Value));
        Assert.Equal(1, await fixture.ScalarAsync<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task Each_check_stands_alone_whatever_the_one_before_it_did()
    {
        await using var fixture = await servers.BenchAsync();
        fixture.Folder.Add("checks/1.sql", "SELECT 1 / 0");
        fixture.Folder.Add("checks/2.sql", "SELECT set_config('search_path', 'nowhere', false) WHERE false");
        fixture.Folder.Add("checks/3.sql", "SELECT current_setting('transaction_read_only') AS ro");
        var found = await fixture.TestAsync(HealthGroup.Project);
        Assert.Equal(["CheckInvalid", "3"], found.OrderByDescending(f => f.Rule.Length).Select(f => f.Rule));
        Assert.Equal("1 row: (ro = on).", found.Single(f => f.Rule == "3").Evidence);
    }

    [Fact]
    public async Task A_folder_that_is_named_has_to_be_there()
    {
        await using var fixture = await servers.BenchAsync();
        var error = await Assert.ThrowsAsync<MigrationException>(
            () => fixture.TestWithAsync(new() { CheckPaths = [fixture.Folder.PathOf("nowhere")] }));
        Assert.Equal(MigrationErrorCode.PathNotFound, error.Code);
    }
}
