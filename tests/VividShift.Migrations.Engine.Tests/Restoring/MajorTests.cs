using VividShift.Migrations.Backups;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Restoring;

/// <summary>
/// Backup, proof, restore and damage on every major that there is: the default server's, and those of <c>VIVIDSHIFT_TEST_PGBINS</c>, each with the
/// client programs of its own version.
/// </summary>
public sealed class MajorTests
{
    public static IEnumerable<object[]> Majors => PostgresServer.MajorRows;

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task What_was_backed_up_is_proved_and_replaces_the_database_which_is_kept(int major)
    {
        await using var bench = await MajorBench.CreateAsync(major);
        var (schema, sums) = (await bench.Database.SchemaDumpAsync(MajorBench.Token), await bench.SumsAsync());
        var backup = await bench.BackUpAsync(request => request with { Verify = true });
        Assert.True(backup.Verified, backup.Verification?.Result);
        Assert.Equal(bench.Server.Major, backup.Manifest.ServerMajor);
        await bench.Database.ExecuteAsync("DELETE FROM events; UPDATE users SET name = 'other'; DROP TABLE cache; SELECT lo_unlink(4711)", MajorBench.Token);

        var result = await bench.RestoreAsync(bench.Of(backup.Folder));

        Assert.True(result.Verified);
        Assert.Equal(904, result.Rows);
        Assert.Equal(sums, await bench.SumsAsync());
        Assert.Equal(schema, await bench.Database.SchemaDumpAsync(MajorBench.Token));
        Assert.Equal("0", await bench.QueryAsync("SELECT count(*)::text FROM events", result.KeptAs));
        Assert.Equal(new[] { bench.Database.Name, result.KeptAs! }.Order(StringComparer.Ordinal), (await bench.DatabasesAsync()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task It_becomes_a_new_database_and_the_old_one_can_be_dropped(int major)
    {
        await using var bench = await MajorBench.CreateAsync(major);
        var sums = await bench.SumsAsync();
        var backup = await bench.BackUpAsync(request => request with { Format = BackupFormat.Custom, Jobs = null });
        var other = bench.Database.Name + "_2";

        await bench.RestoreAsync(bench.Of(backup.Folder, target: other));
        await bench.Database.ExecuteAsync("DROP TABLE events CASCADE", MajorBench.Token);
        var result = await bench.RestoreAsync(bench.Of(backup.Folder, drop: true));

        Assert.True(result.Dropped);
        Assert.Equal([sums, sums], [await bench.SumsAsync(other), await bench.SumsAsync()]);
        Assert.Equal(new[] { bench.Database.Name, other }, (await bench.DatabasesAsync()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Some_tables_and_rows_alone_are_proved_as_well(int major)
    {
        await using var bench = await MajorBench.CreateAsync(major);
        foreach (var (content, tables) in new[] { (BackupContent.Tables, new[] { "events", "Odd Schema.*" }), (BackupContent.DataOnly, []), (BackupContent.SchemaOnly, []) })
        {
            var backup = await bench.BackUpAsync(request => request with { Content = content, Tables = tables, Verify = true });

            Assert.True(backup.Verified, $"{content}: {backup.Verification?.Result}");
            Assert.Empty(await bench.TestAsync(backup));
        }

        Assert.Equal([bench.Database.Name], await bench.DatabasesAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Damage_is_found_and_refused(int major)
    {
        await using var bench = await MajorBench.CreateAsync(major);
        var backup = await bench.BackUpAsync();
        var file = backup.Manifest.Files.OrderByDescending(candidate => candidate.Size).First().Path;
        var path = Path.Combine(backup.Folder, file);
        var bytes = await File.ReadAllBytesAsync(path, MajorBench.Token);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, MajorBench.Token);

        Assert.Equal("FileChanged", Assert.Single(await bench.TestAsync(backup)).Rule);
        var error = await bench.RefusesAsync(MigrationErrorCode.BackupInvalid, bench.Of(backup.Folder));

        Assert.Contains(Path.GetFileName(file), error.Message, StringComparison.Ordinal);
        Assert.Equal("400", await bench.QueryAsync("SELECT count(*)::text FROM events"));
    }
}
