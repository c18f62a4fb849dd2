using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Running;

public class FindingTests
{
    static Task<IReadOnlyList<Finding>> TestAsync(Workbench fixture, bool rollback = false) =>
        fixture.Open().Migrations.TestAsync(rollback, new RecordingObserver(), Workbench.Token);

    [Fact]
    public async Task The_servers_parser_reads_pending_ups_and_all_downs_and_runs_none()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a (i int);");
        await fixture.UpAsync();
        fixture.Folder.Add("1_a.down.sql", "DROP TABLE a;\nDROP TABEL b;\n");
        fixture.Folder.Add("2_b.sql", "INSERT INTO not_yet_there SELECT 1;\nSELECT FROM WHERE;\nCREATE TABLE c (i int,);\n");
        fixture.Folder.Add("2_b.down.sql", "SELECT 1;");
        var syntax = (await TestAsync(fixture)).Where(f => f.Rule == "SyntaxError").ToList();
        Assert.Equal([("1_a.down.sql", 2, 6), ("2_b.sql", 2, 13), ("2_b.sql", 3, 23)],
            syntax.Select(f => (Path.GetFileName(f.Path!), f.Line!.Value, f.Column!.Value)).Order());
        Assert.Equal(1, await fixture.CountAsync("pg_class WHERE relname = 'a'"));
        Assert.Equal(0, await fixture.CountAsync("pg_class WHERE relname = 'c'"));
    }

    [Fact]
    public async Task A_clean_folder_has_no_finding()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.up.sql", "CREATE TABLE a (i int);\nINSERT INTO a VALUES ($$1$$);");
        fixture.Folder.Add("1_a.down.sql", "DROP TABLE a;");
        fixture.Folder.Add("2_b.up.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY a_i ON a (i);");
        fixture.Folder.Add("2_b.down.sql", "-- no-transaction\nDROP INDEX CONCURRENTLY a_i;");
        Assert.Empty(await TestAsync(fixture, rollback: true));
        await fixture.UpAsync();
        Assert.Empty(await TestAsync(fixture, rollback: true));
    }

    [Fact]
    public async Task History_order_pairs_and_what_sqlx_cannot_run_are_found()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("2_gone.sql", "SELECT 1;");
        fixture.Folder.Add("3_edited.sql", "SELECT 1;");
        await fixture.UpAsync();
        fixture.Folder.Remove("2_gone.sql");
        fixture.Folder.Add("3_edited.sql", "SELECT 2;");
        fixture.Folder.Add("1_late.sql", "SELECT 1;");
        fixture.Folder.Add("4_c.sql", "CREATE TABLE c (i int);\nCOPY c FROM stdin;\n1\n\\.\n");
        fixture.Folder.Add("5_d.sql", "CREATE INDEX CONCURRENTLY d ON c (i);");
        fixture.Folder.Add("6_e.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY d ON c (i);\nANALYZE c;");
        fixture.Folder.Add("7_f.up.sql", "SELECT 1;");
        fixture.Folder.Add("7_f.down.sql", "-- nothing\n");
        fixture.Folder.Add("8_g.sql", "\\i other.sql\n");
        var rules = (await TestAsync(fixture)).Where(f => f.Rule != "DownScriptMissing").Select(f => (f.Version, f.Rule)).Order();
        Assert.Equal(
            [
                (1, "OutOfOrder"), (2, "MigrationMissing"), (3, "ChecksumMismatch"), (4, "SqlxCannotCopy"), (5, "SqlxNeedsHeader"),
                (6, "SqlxRunsOneStatement"), (7, "EmptyDownScript"), (8, "MetaCommand"),
            ],
            rules.Select(r => (r.Version, r.Rule)).Select(r => ((long?)r.Version, r.Rule)));
    }

    [Fact]
    public async Task A_missing_down_script_is_a_note_and_an_error_when_going_back_is_asked_about()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "SELECT 1;");
        Assert.Equal(FindingSeverity.Information, Assert.Single(await TestAsync(fixture)).Severity);
        Assert.Equal(FindingSeverity.Error, Assert.Single(await TestAsync(fixture, rollback: true)).Severity);
    }
}
