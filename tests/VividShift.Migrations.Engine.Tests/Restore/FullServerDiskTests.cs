using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Restore;

/// <summary>
/// A restore that the server's disk has no room for. The disk is a real one where the tests may mount; and everywhere the server runs under a limit
/// of the system on the size of files, which ends its writing in the same way. Which ways were taken shows in the rows.
/// </summary>
public sealed class FullServerDiskTests
{
    const string Mounted = "No space left on device";
    const string Limited = "File too large";

    // More than the 20 MB that the limit allows: the WAL's files have 16, and must fit.
    const string Big = "CREATE TABLE big AS SELECT i AS id, repeat(md5(i::text), 30) AS text FROM generate_series(1, 25000) i";

    public static TheoryData<string> Ways => SmallDisk.MayMount ? new(Mounted, Limited) : new(Limited);

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_old_database_is_as_it_was_and_answers(string cause)
    {
        // Made where there is room, for the limit would not let it come into being.
        await using var origin = await MajorFixture.CreateAsync(PostgresServer.DefaultMajor, Big);
        var backup = await origin.BackUpAsync();
        await using var disk = cause == Mounted ? await SmallDisk.MountAsync(160) : null;
        await using var server = await DedicatedServer.StartAsync(
            [],
            disk is null ? null : Path.Combine(disk.Path, "data"),
            disk is null ? "trap '' XFSZ\nulimit -f 40960" : null);
        await using var fixture = await MajorFixture.CreateAsync(server.Server, "CREATE TABLE old AS SELECT generate_series(1, 1000) AS id");
        var plan = await fixture.PlanAsync(fixture.Of(backup.Folder));
        // Between the look at the disk and the restore, as when somebody else fills it.
        var ballast = disk is null ? null : await disk.FillAsync(16);

        var error = await Assert.ThrowsAsync<MigrationException>(() => fixture.RunAsync(plan));

        Assert.Equal(MigrationErrorCode.RestoreFailed, error.Code);
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
        Assert.Contains($"{plan.Database} is as it was. The unfinished copy was removed.", error.Message, StringComparison.Ordinal);
        Assert.Equal([fixture.Database.Name], await fixture.DatabasesAsync());
        Assert.Equal("1000", await fixture.QueryAsync("SELECT count(*)::text FROM old"));
        await fixture.Database.ExecuteAsync("INSERT INTO old VALUES (0)", MajorFixture.Token);

        if (ballast is not null)
        {
            File.Delete(ballast);
            Assert.True((await fixture.RestoreAsync(fixture.Of(backup.Folder))).Verified);
            Assert.Equal("25000", await fixture.QueryAsync("SELECT count(*)::text FROM big"));
        }
    }
}
