namespace VividShift.Migrations.Engine.Tests.Backup;

public sealed class BackupDamageTests
{
    [Fact]
    public async Task A_flipped_bit_anywhere_in_any_file_is_found()
    {
        await using var fixture = await BackupFixture.CreateAsync();
        var backup = await fixture.BackUpAsync(request => request with { Verify = true });
        var files = Directory.GetFiles(backup.Folder, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("manifest.json", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith("verification.json", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith("toc.dat", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith(".dat.gz", StringComparison.Ordinal));

        // The same places each time: a test that fails must fail again.
        var random = new Random(20261124);
        foreach (var file in files)
        {
            var original = await File.ReadAllBytesAsync(file);
            for (var i = 0; i < 30; i++)
            {
                var (place, bit) = (random.Next(original.Length), random.Next(8));
                var damaged = original.ToArray();
                damaged[place] ^= (byte)(1 << bit);
                await File.WriteAllBytesAsync(file, damaged);
                Assert.True((await fixture.TestAsync(backup)).Count > 0, $"bit {bit} of byte {place} in {file}");
            }

            await File.WriteAllBytesAsync(file, original[..^1]);
            Assert.NotEmpty(await fixture.TestAsync(backup));
            await File.WriteAllBytesAsync(file, [.. original, (byte)'\n']);
            Assert.NotEmpty(await fixture.TestAsync(backup));
            await File.WriteAllBytesAsync(file, original);
        }

        Assert.Empty(await fixture.TestAsync(backup));
    }

    [Fact]
    public async Task Every_damaged_file_is_named_in_the_order_of_the_manifest()
    {
        await using var fixture = await BackupFixture.CreateAsync();
        var backup = await fixture.BackUpAsync();
        foreach (var file in backup.Manifest.Files)
        {
            await File.AppendAllTextAsync(Path.Combine(backup.Folder, file.Path), "x");
        }

        var findings = await fixture.TestAsync(backup);

        Assert.True(findings.Count > 4);
        Assert.Equal(backup.Manifest.Files.Select(file => Path.Combine(backup.Folder, file.Path)), findings.Select(finding => finding.Path));
    }

    [Fact]
    public async Task A_missing_file_an_extra_one_and_an_edited_manifest_are_named()
    {
        await using var fixture = await BackupFixture.CreateAsync();
        var backup = await fixture.BackUpAsync();
        var victim = Path.Combine(backup.Folder, backup.Manifest.Files[0].Path);
        File.Move(victim, victim + ".gone");
        var findings = await fixture.TestAsync(backup);
        Assert.Equal(["FileMissing", "FileUnexpected"], findings.Select(finding => finding.Rule));
        Assert.Equal(victim, findings[0].Path);
        File.Move(victim + ".gone", victim);

        var manifest = Path.Combine(backup.Folder, "manifest.json");
        var text = await File.ReadAllTextAsync(manifest);
        await File.WriteAllTextAsync(manifest, text.Replace("\"rows\": 500", "\"rows\": 501", StringComparison.Ordinal));
        Assert.Equal("BackupUnreadable", Assert.Single(await fixture.TestAsync(backup)).Rule);
        var listing = await fixture.ListAsync();
        Assert.Empty(listing.Backups);
        Assert.Contains("seal", Assert.Single(listing.Damaged).Message, StringComparison.Ordinal);

        File.Delete(manifest);
        Assert.Equal(MigrationErrorCode.BackupInvalid, Assert.Single((await fixture.ListAsync()).Damaged).Code);
    }

    [Fact]
    public async Task A_trial_is_recorded_for_its_own_backup_alone()
    {
        await using var fixture = await BackupFixture.CreateAsync("CREATE TABLE t (id int)");
        var (proved, other) = (await fixture.BackUpAsync(request => request with { Verify = true }), await fixture.BackUpAsync(request => request with { Tag = "other" }));
        File.Copy(Path.Combine(proved.Folder, "verification.json"), Path.Combine(other.Folder, "verification.json"));

        Assert.Contains("another backup", Assert.Single((await fixture.ListAsync()).Damaged).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(other.Folder, "verification.json"));
        Assert.Empty(await fixture.TestAsync(other, restore: true));
        Assert.All((await fixture.ListAsync()).Backups, backup => Assert.True(backup.Verified));
    }
}
