using System.Runtime.Versioning;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Tests.Restore;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Backup;

/// <summary>
/// A backup that the disk has no room for. The disk is a real one of 2 MB where the tests may mount; and everywhere pg_dump runs under a
/// limit of the system on the size of files, which ends its writing in the same way. Which ways were taken shows in the rows.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class FullDiskTests
{
    const string Mounted = "No space left on device";
    const string Limited = "File too large";

    public static TheoryData<string> Ways => SmallDisk.MayMount ? new(Mounted, Limited) : new(Limited);

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_full_disk_is_told_and_leaves_the_older_backups_as_they_are(string cause)
    {
        await using var disk = cause == Mounted ? await SmallDisk.MountAsync(2) : null;
        await using var fixture = await MajorFixture.CreateAsync(PostgresServer.DefaultMajor, "CREATE TABLE t AS SELECT 1 AS id");
        var folder = disk is null ? fixture.Folder.PathOf("backups") : Path.Combine(disk.Path, "backups");
        Func<BackupRequest, BackupRequest> there = request => request with { Folder = folder, Compression = "0" };
        var older = await fixture.BackUpAsync(request => there(request) with { Tag = "older" });
        await fixture.Database.ExecuteAsync("CREATE TABLE big AS SELECT repeat(md5(i::text), 32) FROM generate_series(1, 5000) i", MajorFixture.Token);
        if (disk is null)
        {
            fixture.Programs = await LimitAsync(fixture);
        }

        var error = await Assert.ThrowsAsync<MigrationException>(() => fixture.BackUpAsync(there));

        Assert.Equal(MigrationErrorCode.BackupFailed, error.Code);
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing of the unfinished backup is left", error.DatabaseState, StringComparison.Ordinal);
        Assert.Equal([older.Name], Entries(folder));
        Assert.Empty(await fixture.TestAsync(older));

        if (disk is not null)
        {
            await disk.GrowAsync(32);
        }

        fixture.Programs = fixture.Server.ProgramFolder;
        Assert.True((await fixture.BackUpAsync(request => there(request) with { Verify = true })).Verified);
        Assert.Equal(2, Entries(folder).Count);
    }

    [Fact]
    public async Task A_disk_without_room_for_a_folder_is_told_as_well()
    {
        // Without a disk of our own: a folder that is a file, which is refused at the same place.
        await using var disk = SmallDisk.MayMount ? await SmallDisk.MountAsync(1) : null;
        await using var fixture = await MajorFixture.CreateAsync(PostgresServer.DefaultMajor, "CREATE TABLE t AS SELECT 1 AS id");
        var folder = disk?.Path ?? fixture.Folder.Add("file", "");
        if (disk is not null)
        {
            await disk.FillAsync(0);
        }

        var error = await Assert.ThrowsAsync<MigrationException>(() => fixture.BackUpAsync(request => request with { Folder = folder }));

        Assert.Equal(MigrationErrorCode.BackupFailed, error.Code);
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
        Assert.True(disk is null || Entries(folder).SequenceEqual(["ballast"]), string.Join(' ', Entries(folder)));
    }

    static IReadOnlyList<string> Entries(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }).Select(path => Path.GetFileName(path))];

    /// <summary>Programs of which pg_dump may write no file of more than 512 kB; ignored, the signal becomes an error of the
    /// write.</summary>
    static async Task<string> LimitAsync(MajorFixture fixture)
    {
        var folder = fixture.Folder.PathOf("programs");
        Directory.CreateDirectory(folder);
        foreach (var (program, before) in new[] { ("pg_dump", "trap '' XFSZ\nulimit -f 1024\n"), ("pg_restore", ""), ("psql", "") })
        {
            var path = Path.Combine(folder, program);
            await File.WriteAllTextAsync(path, $"#!/bin/sh\n{before}exec {program} \"$@\"\n", MajorFixture.Token);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return folder;
    }
}
