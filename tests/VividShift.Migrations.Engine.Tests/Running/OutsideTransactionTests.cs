using VividShift.Migrations.History;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Running;

public class OutsideTransactionTests
{
    [Fact]
    public async Task Statements_that_cannot_be_in_a_transaction_run_one_by_one_with_or_without_the_header()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a (i int);");
        fixture.Folder.Add(
            "2_b.sql",
            "-- no-transaction\nCREATE INDEX CONCURRENTLY a_i ON a (i);\nCREATE INDEX CONCURRENTLY a_i2 ON a (i DESC);\nVACUUM a;\n");
        fixture.Folder.Add("3_c.sql", "REINDEX INDEX CONCURRENTLY a_i;");
        var seen = await fixture.UpAsync();
        Assert.Equal([true, false, false], seen.Results.Select(r => r.Transactional));
        Assert.Equal("1:ok 2:ok 3:ok", await fixture.HistoryAsync());
        Assert.Equal(2, await fixture.CountAsync("pg_index WHERE indrelid = 'a'::regclass AND indisvalid"));
    }

    [Fact]
    public async Task A_failure_half_way_leaves_an_unfinished_row_that_stops_both_tools()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "-- no-transaction\nCREATE TABLE a (i int);\nCREATE INDEX CONCURRENTLY x ON nowhere (i);\nCREATE TABLE b ();\n");
        var error = await fixture.FailsAsync(MigrationErrorCode.MigrationFailed);
        Assert.Equal(3, error.Location!.Line);
        Assert.Contains("1 of its 3 statements took effect and stay", error.DatabaseState!, StringComparison.Ordinal);
        Assert.Contains("-Force", error.RecommendedAction!, StringComparison.Ordinal);
        Assert.Equal("1:unfinished:untimed", await fixture.HistoryAsync());
        Assert.Equal([MigrationState.Failed], (await fixture.StatusAsync()).Select(s => s.State));
        await fixture.FailsAsync(MigrationErrorCode.DirtyMigration);

        fixture.Folder.Add(
            "1_a.sql",
            "-- no-transaction\nCREATE TABLE IF NOT EXISTS a (i int);\nCREATE INDEX CONCURRENTLY x ON a (i);\nCREATE TABLE b ();\n");
        await fixture.UpAsync(new() { Force = true });
        Assert.Equal("1:ok", await fixture.HistoryAsync());
        Assert.Equal([MigrationState.Applied], (await fixture.StatusAsync()).Select(s => s.State));
    }

    [Fact]
    public async Task What_a_failed_file_set_does_not_hide_how_it_ended()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "-- no-transaction\nSET ROLE pg_monitor;\nSELECT 1/0;\n");
        var error = await fixture.FailsAsync(MigrationErrorCode.MigrationFailed);
        Assert.Contains("1 of its 2 statements took effect", error.DatabaseState!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cleaning_up_after_a_failure_says_nothing_that_the_file_did_not()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "-- no-transaction\nSELECT 1;\nSELECT 1/0;\n");
        var seen = new RecordingObserver();
        await Assert.ThrowsAsync<MigrationException>(() => fixture.RunAsync(new(), seen));
        Assert.Empty(seen.Told<NoticeReceived>());
    }

    [Fact]
    public async Task An_invalid_index_that_is_left_behind_is_named()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a (i int); INSERT INTO a VALUES (1), (1);");
        fixture.Folder.Add("2_b.sql", "-- no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY a_once ON a (i);");
        var error = await fixture.FailsAsync(MigrationErrorCode.MigrationFailed);
        Assert.Contains("Marked invalid in this database: a_once", error.DatabaseState!, StringComparison.Ordinal);
        Assert.Equal("23505", error.Sql!.SqlState);
    }

    [Fact]
    public async Task An_unfinished_migration_can_be_mended_into_a_transactional_one()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "-- no-transaction\nCREATE TABLE a (i int);\nSELECT 1/0;\n");
        await fixture.FailsAsync(MigrationErrorCode.MigrationFailed);
        fixture.Folder.Add("1_a.sql", "CREATE TABLE IF NOT EXISTS a (i int);\n");
        await fixture.UpAsync(new() { Force = true });
        Assert.Equal("1:ok", await fixture.HistoryAsync());
    }

    [Fact]
    public async Task A_down_script_outside_a_transaction_marks_the_row_while_it_runs()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a (i int); CREATE INDEX a_i ON a (i);");
        fixture.Folder.Add("1_a.down.sql", "-- no-transaction\nDROP INDEX CONCURRENTLY a_i;\nDROP TABLE nowhere;\n");
        await fixture.UpAsync();
        await Assert.ThrowsAsync<MigrationException>(() => fixture.DownAsync());
        Assert.Equal("1:unfinished:untimed", await fixture.HistoryAsync());
        fixture.Folder.Add("1_a.down.sql", "-- no-transaction\nDROP INDEX CONCURRENTLY IF EXISTS a_i;\nDROP TABLE a;\n");
        await fixture.DownAsync(new() { Force = true });
        Assert.Equal(string.Empty, await fixture.HistoryAsync());
    }

    [Fact]
    public async Task The_guides_batched_data_migration_commits_within_its_loop()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add(
            "1_a.sql", "CREATE TABLE p (id int, old_field int, new_field int); INSERT INTO p SELECT i, i FROM generate_series(1, 2500) i;");
        fixture.Folder.Add("2_b.sql", """
            DO $$
            DECLARE touched int;
            BEGIN
                LOOP
                    UPDATE p SET new_field = old_field * 2 WHERE id IN (SELECT id FROM p WHERE new_field IS NULL LIMIT 1000);
                    GET DIAGNOSTICS touched = ROW_COUNT;
                    RAISE NOTICE 'Processed %', touched;
                    COMMIT;
                    EXIT WHEN touched = 0;
                END LOOP;
            END $$;
            """);
        var seen = await fixture.UpAsync();
        Assert.False(seen.Results[1].Transactional);
        Assert.Equal(4, seen.Results[1].Notices.Count);
        Assert.Equal(0, await fixture.CountAsync("p WHERE new_field IS DISTINCT FROM old_field * 2"));
    }
}
