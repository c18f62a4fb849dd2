using System.Globalization;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Backup;

public sealed class BackupTests
{
    public static TheoryData<BackupFormat, BackupContent> Kinds => new(
        (BackupFormat.Directory, BackupContent.All),
        (BackupFormat.Custom, BackupContent.All),
        (BackupFormat.Directory, BackupContent.SchemaOnly),
        (BackupFormat.Directory, BackupContent.DataOnly),
        (BackupFormat.Custom, BackupContent.Tables));

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_was_backed_up_restores_and_proves_equal(BackupFormat format, BackupContent content)
    {
        await using var fixture = await BackupFixture.CreateAsync();
        var backup = await fixture.BackUpAsync(request => request with
        {
            Format = format,
            Content = content,
            Tables = content == BackupContent.Tables ? ["events", "Odd Schema.*"] : [],
            Verify = true,
        });

        Assert.True(backup.Verified, backup.Verification?.Result);
        Assert.Equal(content, backup.Content);
        Assert.Equal(0, await fixture.ScratchAsync());
        Assert.Empty(await fixture.TestAsync(backup));
        var expected = content switch
        {
            BackupContent.SchemaOnly => [],
            BackupContent.Tables => ["a=b 'c' \"d\"", "events_2025", "events_2026"],
            _ => new[] { "a=b 'c' \"d\"", "pg_largeobject", "cache", "events_2025", "events_2026", "users" },
        };
        Assert.Equal(expected, backup.Manifest.Fingerprints.Select(table => table.Table));
        var listed = Assert.Single((await fixture.ListAsync()).Backups);
        Assert.Equal(backup.Name, listed.Name);
        Assert.True(listed.Verified);
    }

    [Fact]
    public async Task The_manifest_tells_what_it_is()
    {
        await using var fixture = await BackupFixture.CreateAsync();
        fixture.Bench.Folder.Add("1_a.sql", "CREATE TABLE a (id int);\n");
        await fixture.Bench.UpAsync();
        Directory.CreateDirectory(Path.Combine(fixture.Bench.Folder.Path, ".git", "refs", "heads"));
        await File.WriteAllTextAsync(Path.Combine(fixture.Bench.Folder.Path, ".git", "HEAD"), "ref: refs/heads/main\n");
        await File.WriteAllTextAsync(Path.Combine(fixture.Bench.Folder.Path, ".git", "refs", "heads", "main"), new string('a', 40) + "\n");

        var backup = await fixture.BackUpAsync(request => request with { Tag = "before-2.0", Jobs = 2, Compression = "1" });
        var manifest = backup.Manifest;

        Assert.Equal($"{fixture.Database.Name}-{manifest.TakenAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}-before-2.0", backup.Name);
        Assert.Equal(1, backup.MigrationVersion);
        Assert.Equal("a", Assert.Single(manifest.History.Rows).Description);
        Assert.Equal(new string('a', 40), manifest.GitCommit);
        Assert.Equal("before-2.0", backup.Tag);
        Assert.Matches("^[0-9A-F]+/[0-9A-F]+$", manifest.Lsn);
        Assert.Equal("UTF8", manifest.Encoding);
        Assert.Equal(fixture.Database.Server.Major, manifest.ServerMajor);
        Assert.Equal(500, manifest.Fingerprints.Single(table => table.Table == "users").Rows);
        Assert.Contains(manifest.Sequences, sequence => sequence is { Sequence: "downwards", LastValue: -2 });
        Assert.Contains(manifest.Sequences, sequence => sequence is { Sequence: "users_id_seq", LastValue: 500 });
        Assert.Contains(manifest.NotHashed, text => text.StartsWith("public.totals: a materialized view", StringComparison.Ordinal));
        Assert.Contains(manifest.Files, file => file.Path == "data/toc.dat");
        Assert.All(manifest.Files, file => Assert.Equal(new FileInfo(Path.Combine(backup.Folder, file.Path)).Length, file.Size));
        // Read back, not remembered.
        var listed = Assert.Single((await fixture.ListAsync()).Backups);
        Assert.Equal(manifest.Fingerprints, listed.Manifest.Fingerprints);
        Assert.Equal(manifest.Files, listed.Manifest.Files);
        Assert.Equal(manifest.History.Rows, listed.Manifest.History.Rows);
        Assert.Equal(manifest with { Fingerprints = [], Files = [], Sequences = [], NotHashed = [], Tables = [], History = new("", false, []) },
            listed.Manifest with { Fingerprints = [], Files = [], Sequences = [], NotHashed = [], Tables = [], History = new("", false, []) });
    }

    [Fact]
    public async Task Files_are_their_owners_alone_and_nobody_is_told_the_password()
    {
        await using var fixture = await BackupFixture.CreateAsync();
        var observer = new RecordingObserver();
        var backup = await fixture.BackUpAsync(request => request with { Verify = true }, observer);

        Assert.DoesNotContain(fixture.Database.Password, observer.Transcript, StringComparison.Ordinal);
        Assert.Contains(observer.Told<ProgressChanged>(), told => told.Status.StartsWith("public.users (", StringComparison.Ordinal));
        foreach (var path in Directory.EnumerateFiles(backup.Folder, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain(fixture.Database.Password, await File.ReadAllTextAsync(path), StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(backup.Folder));
        }
    }

    [Fact]
    public async Task Two_within_a_second_are_both_kept_and_tags_and_names_find_them()
    {
        await using var fixture = await BackupFixture.CreateAsync("CREATE TABLE t (id int)");
        var names = new List<string>
        {
            (await fixture.BackUpAsync(request => request with { Tag = "a" })).Name, (await fixture.BackUpAsync(request => request with { Tag = "b" })).Name,
            (await fixture.BackUpAsync(request => request with { Tag = "a" })).Name,
        };

        Assert.Equal(Enumerable.Reverse(names), (await fixture.ListAsync()).Backups.Select(backup => backup.Name));
        Assert.Equal([names[2], names[0]], (await fixture.ListAsync(all => all with { Tag = "A*" })).Backups.Select(backup => backup.Name));
        Assert.Equal([names[2]], (await fixture.ListAsync(all => all with { Latest = true })).Backups.Select(backup => backup.Name));
        Assert.Equal([names[1]], (await fixture.ListAsync(all => all with { Names = ["*-b"] })).Backups.Select(backup => backup.Name));
    }

    [Fact]
    public async Task Removing_takes_the_folder_and_nothing_else()
    {
        await using var fixture = await BackupFixture.CreateAsync("CREATE TABLE t (id int)");
        var (first, second) = (await fixture.BackUpAsync(), await fixture.BackUpAsync(request => request with { Tag = "b" }));

        await fixture.Control.RemoveAsync(first.Folder, new RecordingObserver(), Workbench.Token);

        Assert.Equal([second.Name], fixture.Entries());
        var error = await Assert.ThrowsAsync<MigrationException>(() => fixture.Control.RemoveAsync(fixture.Folder, new RecordingObserver(), Workbench.Token));
        Assert.Equal(MigrationErrorCode.BackupInvalid, error.Code);
        Assert.Equal([second.Name], fixture.Entries());
    }
}
