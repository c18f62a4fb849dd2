using VividShift.Migrations.Backup;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Restore;

/// <summary>
/// Backups that go from one major to another, and client programs of another major than the server: every pair of what there is. With one server
/// the pair is that server twice.
/// </summary>
public sealed class CrossingTests
{
    // A view whose columns are written otherwise since 16, and a check that each version writes in its own way.
    const string Written =
        """
        CREATE TABLE written (id int NOT NULL, kind varchar(9) CHECK (kind IN ('a', 'b')));
        CREATE VIEW w AS SELECT written.id, written.kind FROM written WHERE written.id > 0;
        INSERT INTO written VALUES (1, 'a');
        """;

    public static IEnumerable<object[]> Pairs => PostgresServer.MajorPairs;

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_backup_goes_to_the_same_or_a_newer_major_and_to_no_older_one(int from, int to)
    {
        await using var origin = await MajorFixture.CreateAsync(from, Backup.BackupFixture.Content + Written);
        await using var target = await MajorFixture.CreateAsync(to, "CREATE TABLE old ()");
        var backup = await origin.BackUpAsync();
        if (origin.Server.Major > target.Server.Major)
        {
            var error = await target.RefusesAsync(MigrationErrorCode.VersionUnsupported, target.Of(backup.Folder));
            Assert.Contains(FormattableString.Invariant($"comes from PostgreSQL {origin.Server.Major}"), error.Message, StringComparison.Ordinal);
            return;
        }

        var plan = await target.PlanAsync(target.Of(backup.Folder));
        var result = await target.RunAsync(plan);

        Assert.True(result.Verified);
        Assert.Equal(await origin.SumsAsync(), await target.SumsAsync());
        Assert.Equal("0", await target.QueryAsync("SELECT count(*)::text FROM old", result.KeptAs));
        Assert.Equal(origin.Server.Major != target.Server.Major, plan.Warnings.Any(warning => warning.Contains("by name", StringComparison.Ordinal)));
        Assert.Equal(
            origin.Server.Major < 15 && target.Server.Major >= 15, plan.Warnings.Any(warning => warning.Contains("GRANT CREATE ON SCHEMA public", StringComparison.Ordinal)));
        Assert.Empty(await target.TestAsync(backup));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Programs_as_new_as_the_server_or_newer_work_and_older_ones_are_refused(int server, int programs)
    {
        await using var fixture = await MajorFixture.CreateAsync(server, Backup.BackupFixture.Content + Written);
        var writer = await PostgresServer.ForMajorAsync(programs, MajorFixture.Token);
        fixture.Programs = writer.ProgramFolder ?? fixture.Server.ProgramFolder;
        if (writer.ProgramFolder is not null && writer.Major < fixture.Server.Major)
        {
            var error = await Assert.ThrowsAsync<MigrationException>(() => fixture.BackUpAsync());
            Assert.Equal(MigrationErrorCode.VersionUnsupported, error.Code);
            Assert.Contains("Nothing was started.", error.Message, StringComparison.Ordinal);
            return;
        }

        var sums = await fixture.SumsAsync();
        foreach (var content in new[] { BackupContent.All, BackupContent.Tables })
        {
            var made = await fixture.BackUpAsync(request => request with { Content = content, Tables = content == BackupContent.All ? [] : ["written"], Verify = true });
            Assert.True(made.Verified, made.Verification?.Result);
        }

        var backup = (await fixture.Open().Backups.ListAsync(new() { Folders = [fixture.Folder.PathOf("backups")] }, MajorFixture.Token))
            .Backups.Single(made => made.Content == BackupContent.All);
        await fixture.Database.ExecuteAsync("DROP TABLE events CASCADE", MajorFixture.Token);
        Assert.True((await fixture.RestoreAsync(fixture.Of(backup.Folder, drop: true))).Verified);
        Assert.Equal(sums, await fixture.SumsAsync());
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_backup_by_newer_programs_is_read_by_no_older_ones_and_that_is_said_before(int server, int programs)
    {
        await using var fixture = await MajorFixture.CreateAsync(server, "CREATE TABLE t ()");
        var (own, writer) = (fixture.Server, await PostgresServer.ForMajorAsync(programs, MajorFixture.Token));
        fixture.Programs = writer.Major < own.Major ? own.ProgramFolder : writer.ProgramFolder ?? own.ProgramFolder;
        var backup = await fixture.BackUpAsync();
        fixture.Programs = own.ProgramFolder;

        if (own.ProgramFolder is null || writer.Major <= own.Major)
        {
            Assert.True((await fixture.RestoreAsync(fixture.Of(backup.Folder))).Verified);
            return;
        }

        var error = await fixture.RefusesAsync(MigrationErrorCode.VersionUnsupported, fixture.Of(backup.Folder));
        Assert.Contains(FormattableString.Invariant($"written by pg_dump {writer.Major}"), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task An_archive_that_fails_half_way_leaves_the_old_database_as_it_was(int server, int programs)
    {
        // The constraint is restored with the table and looks into another one that is still empty.
        await using var fixture = await MajorFixture.CreateAsync(
            server,
            """
            CREATE TABLE z_limits (top int);
            CREATE FUNCTION within(int) RETURNS boolean LANGUAGE sql AS 'SELECT $1 < (SELECT max(top) FROM public.z_limits)';
            CREATE TABLE a_values (v int CONSTRAINT v_limit CHECK (within(v) IS TRUE));
            INSERT INTO z_limits VALUES (10);
            INSERT INTO a_values VALUES (1);
            """);
        var writer = await PostgresServer.ForMajorAsync(programs, MajorFixture.Token);
        fixture.Programs = writer.Major < fixture.Server.Major ? fixture.Server.ProgramFolder : writer.ProgramFolder ?? fixture.Server.ProgramFolder;
        var backup = await fixture.BackUpAsync(request => request with { Jobs = 1 });

        var error = await Assert.ThrowsAsync<MigrationException>(() => fixture.RestoreAsync(fixture.Of(backup.Folder, jobs: 1)));

        Assert.Equal(MigrationErrorCode.RestoreFailed, error.Code);
        Assert.Contains("v_limit", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("transaction_timeout", error.Message, StringComparison.Ordinal);
        Assert.Contains("is as it was", error.DatabaseState, StringComparison.Ordinal);
        Assert.Equal([fixture.Database.Name], await fixture.DatabasesAsync());
        Assert.Equal("1", await fixture.QueryAsync("SELECT count(*)::text FROM a_values"));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_plain_script_of_programs_as_new_as_these_is_restored(int server, int programs)
    {
        await using var fixture = await MajorFixture.CreateAsync(server, Backup.BackupFixture.Content);
        var writer = await PostgresServer.ForMajorAsync(programs, MajorFixture.Token);
        fixture.Programs = writer.Major < fixture.Server.Major ? fixture.Server.ProgramFolder : writer.ProgramFolder ?? fixture.Server.ProgramFolder;
        var sums = await fixture.SumsAsync();
        var script = await fixture.DumpAsync("shop.sql");

        await fixture.RestoreAsync(fixture.Of(script, drop: true));

        Assert.Equal(sums, await fixture.SumsAsync());
    }
}
