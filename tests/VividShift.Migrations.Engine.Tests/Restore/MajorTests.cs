using VividShift.Migrations.Backup;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Restore;

/// <summary>
/// Backup, proof, restore and damage on every major that there is: the default server's, and those of <c>VIVIDSHIFT_TEST_PGBINS</c>, each
/// with the client programs of its own version.
/// </summary>
public sealed class MajorTests
{
    public static IEnumerable<object[]> Majors => PostgresServer.MajorRows;

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task What_was_backed_up_is_proved_and_replaces_the_database_which_is_kept(int major)
    {
        await using var fixture = await MajorFixture.CreateAsync(major);
        var (schema, sums) = (await fixture.Database.SchemaDumpAsync(MajorFixture.Token), await fixture.SumsAsync());
        var backup = await fixture.BackUpAsync(request => request with { Verify = true });
        Assert.True(backup.Verified, backup.Verification?.Result);
        Assert.Equal(fixture.Server.Major, backup.Manifest.ServerMajor);
        await fixture.Database.ExecuteAsync("DELETE FROM events; UPDATE users SET name = 'other'; DROP TABLE cache; SELECT lo_unlink(4711)", MajorFixture.Token);

        var result = await fixture.RestoreAsync(fixture.Of(backup.Folder));

        Assert.True(result.Verified);
        Assert.Equal(904, result.Rows);
        Assert.Equal(sums, await fixture.SumsAsync());
        Assert.Equal(schema, await fixture.Database.SchemaDumpAsync(MajorFixture.Token));
        Assert.Equal("0", await fixture.QueryAsync("SELECT count(*)::text FROM events", result.KeptAs));
        Assert.Equal(new[] { fixture.Database.Name, result.KeptAs! }.Order(StringComparer.Ordinal), (await fixture.DatabasesAsync()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task It_becomes_a_new_database_and_the_old_one_can_be_dropped(int major)
    {
        await using var fixture = await MajorFixture.CreateAsync(major);
        var sums = await fixture.SumsAsync();
        var backup = await fixture.BackUpAsync(request => request with { Format = BackupFormat.Custom, Jobs = null });
        var other = fixture.Database.Name + "_2";

        await fixture.RestoreAsync(fixture.Of(backup.Folder, target: other));
        await fixture.Database.ExecuteAsync("DROP TABLE events CASCADE", MajorFixture.Token);
        var result = await fixture.RestoreAsync(fixture.Of(backup.Folder, drop: true));

        Assert.True(result.Dropped);
        Assert.Equal([sums, sums], [await fixture.SumsAsync(other), await fixture.SumsAsync()]);
        Assert.Equal(new[] { fixture.Database.Name, other }, (await fixture.DatabasesAsync()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Some_tables_and_rows_alone_are_proved_as_well(int major)
    {
        await using var fixture = await MajorFixture.CreateAsync(major);
        foreach (var (content, tables) in new[] { (BackupContent.Tables, new[] { "events", "Odd Schema.*" }), (BackupContent.DataOnly, []), (BackupContent.SchemaOnly, []) })
        {
            var backup = await fixture.BackUpAsync(request => request with { Content = content, Tables = tables, Verify = true });

            Assert.True(backup.Verified, $"{content}: {backup.Verification?.Result}");
            Assert.Empty(await fixture.TestAsync(backup));
        }

        Assert.Equal([fixture.Database.Name], await fixture.DatabasesAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Damage_is_found_and_refused(int major)
    {
        await using var fixture = await MajorFixture.CreateAsync(major);
        var backup = await fixture.BackUpAsync();
        var file = backup.Manifest.Files.OrderByDescending(candidate => candidate.Size).First().Path;
        var path = Path.Combine(backup.Folder, file);
        var bytes = await File.ReadAllBytesAsync(path, MajorFixture.Token);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, MajorFixture.Token);

        Assert.Equal("FileChanged", Assert.Single(await fixture.TestAsync(backup)).Rule);
        var error = await fixture.RefusesAsync(MigrationErrorCode.BackupInvalid, fixture.Of(backup.Folder));

        Assert.Contains(Path.GetFileName(file), error.Message, StringComparison.Ordinal);
        Assert.Equal("400", await fixture.QueryAsync("SELECT count(*)::text FROM events"));
    }
}
