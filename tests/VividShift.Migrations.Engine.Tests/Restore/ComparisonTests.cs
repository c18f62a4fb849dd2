using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Backup.Manifest;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Restore;

/// <summary>Which restores hash every row, and which count.</summary>
public sealed class ComparisonTests
{
    [Fact]
    public async Task A_proved_backup_is_counted_and_with_Verify_its_content_compared()
    {
        await using var shop = await Shop.CreateAsync();
        var backup = await shop.BackUpAsync(verify: true);
        shop.Observer = new RecordingObserver();

        var counted = await shop.RestoreAsync(Shop.Of(backup.Folder, drop: true));

        Assert.Equal((RestoreComparison.Counts, true, 320L), (counted.Comparison, counted.Verified, counted.Rows));
        Assert.DoesNotContain(Sent(shop), sql => sql.Contains("extended(", StringComparison.Ordinal));
        Assert.Contains(Sent(shop), sql => sql.Contains("FROM ONLY public.orders", StringComparison.Ordinal));
        Assert.Contains(shop.Observer.Told<VerboseMessage>(), told => told.Message.Contains("-Verify", StringComparison.Ordinal));
        Assert.Equal(300, await shop.RowsAsync("orders"));

        Assert.Equal(RestoreComparison.Content, (await shop.RestoreAsync(Shop.Of(backup.Folder, drop: true, verify: true))).Comparison);
        Assert.Contains(Sent(shop), sql => sql.Contains("hash_numeric_extended(", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_backup_that_was_never_tried_is_hashed()
    {
        await using var shop = await Shop.CreateAsync();
        var backup = await shop.BackUpAsync();

        Assert.Equal(RestoreComparison.Content, (await shop.RestoreAsync(Shop.Of(backup.Folder))).Comparison);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [InlineData(false, 0, false)]
    public async Task A_trial_on_another_major_or_one_that_failed_proves_nothing_here(bool ofAnother, int after, bool passed = true)
    {
        await using var shop = await Shop.CreateAsync();
        var backup = await shop.BackUpAsync(verify: true);
        Assert.Equal(RestoreComparison.Counts, (await shop.PlanAsync(Shop.Of(backup.Folder))).Comparison);
        // 0: as it was recorded before the major was kept.
        var major = ofAnother ? backup.Manifest.ServerMajor * after + after : backup.Manifest.ServerMajor;
        await BackupFolder.RecordAsync(backup.Folder, backup.Verification! with { ServerMajor = major, Passed = passed }, Shop.Token);

        Assert.Equal(RestoreComparison.Content, (await shop.PlanAsync(Shop.Of(backup.Folder))).Comparison);
    }

    [Fact]
    public async Task A_database_of_another_encoding_is_hashed()
    {
        await using var shop = await Shop.CreateAsync();
        var backup = await shop.BackUpAsync(verify: true);
        var name = shop.Database.Name + "_a";
        await shop.Database.ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'", Shop.Token);

        Assert.Equal(RestoreComparison.Content, (await shop.PlanAsync(Shop.Of(backup.Folder, target: name))).Comparison);
        Assert.Equal(RestoreComparison.Counts, (await shop.PlanAsync(Shop.Of(backup.Folder, target: name + "b"))).Comparison);
    }

    [Fact]
    public async Task A_proved_backup_that_was_damaged_since_is_refused()
    {
        await using var shop = await Shop.CreateAsync();
        var backup = await shop.BackUpAsync(verify: true);
        var path = Path.Combine(backup.Folder, backup.Manifest.Files.OrderByDescending(file => file.Size).First().Path);
        var bytes = await File.ReadAllBytesAsync(path, Shop.Token);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Shop.Token);

        await shop.RefusesAsync(MigrationErrorCode.BackupInvalid, Shop.Of(backup.Folder));
    }

    [Fact]
    public async Task Hashes_that_this_version_does_not_know_are_said_beforehand_and_refuse_Verify()
    {
        await using var shop = await Shop.CreateAsync();
        var backup = await shop.BackUpAsync();
        await ChecksummedJson.WriteAsync(
            Path.Combine(backup.Folder, BackupFolder.Manifest), backup.Manifest with { FingerprintMethod = "of-tomorrow" }, Shop.Token);

        var plan = await shop.PlanAsync(Shop.Of(backup.Folder));

        Assert.Contains("of-tomorrow", Assert.Single(plan.Warnings), StringComparison.Ordinal);
        Assert.Equal(RestoreComparison.Counts, (await shop.RestoreAsync(Shop.Of(backup.Folder, drop: true))).Comparison);
        var refused = await shop.RefusesAsync(MigrationErrorCode.TargetInvalid, Shop.Of(backup.Folder, verify: true));
        Assert.Contains("of-tomorrow", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_is_refused_where_there_is_nothing_to_compare_with()
    {
        await using var shop = await Shop.CreateAsync();
        var script = await shop.DumpAsync("dump.sql");

        var refused = await shop.RefusesAsync(MigrationErrorCode.TargetInvalid, Shop.Of(script, verify: true));

        Assert.Contains("no manifest", refused.Message, StringComparison.Ordinal);
        Assert.Equal(RestoreComparison.None, (await shop.PlanAsync(Shop.Of(script))).Comparison);
    }

    [Fact]
    public async Task A_manifest_with_other_counts_is_refused_although_proved()
    {
        await using var shop = await Shop.CreateAsync();
        var backup = await shop.BackUpAsync(verify: true);
        IReadOnlyList<TableFingerprint> more = [.. backup.Manifest.Fingerprints.Select(table => table.Table == "orders" ? table with { Rows = 301 } : table)];
        await ChecksummedJson.WriteAsync(Path.Combine(backup.Folder, BackupFolder.Manifest), backup.Manifest with { Fingerprints = more }, Shop.Token);
        await BackupFolder.RecordAsync(backup.Folder, backup.Verification!, Shop.Token);

        var error = await shop.RefusesAsync(MigrationErrorCode.RestoreFailed, Shop.Of(backup.Folder));

        Assert.Equal(("RowsDiffer", "public.orders"), (Assert.Single(error.Findings).Rule, error.Findings[0].DatabaseObject));
    }

    [Fact]
    public async Task Without_a_manifest_nothing_is_hashed_and_statistics_are_there_all_the_same()
    {
        await using var shop = await Shop.CreateAsync();
        var archive = await shop.DumpAsync("archive", "--format=custom");

        var result = await shop.RestoreAsync(Shop.Of(archive, drop: true));

        Assert.Equal((RestoreComparison.None, false), (result.Comparison, result.Verified));
        Assert.DoesNotContain(Sent(shop), sql => sql.Contains("FROM ONLY", StringComparison.Ordinal));
        Assert.Equal(2, await shop.RowsAsync("(SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'public') AS gathered"));
    }

    static IEnumerable<string> Sent(Shop shop) => shop.Observer.Told<StatementSent>().Select(sent => sent.Sql);
}
