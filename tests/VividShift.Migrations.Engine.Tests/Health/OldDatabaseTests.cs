using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Restore.Planning;

namespace VividShift.Migrations.Engine.Tests.Health;

[Collection<HealthyServers>]
public sealed class OldDatabaseTests(HealthServers servers)
{
    static readonly DateTimeOffset Restored = DateTimeOffset.UtcNow.AddDays(-3);

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task What_a_restore_has_replaced_is_told_with_age_and_size_and_dropped(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        var shop = $"Shop {Guid.NewGuid().ToString("N")[..8]}";
        var old = RestoreNames.Old(shop, Restored);
        string[] others = [shop + "_x", RestoreNames.Old(shop + "_x", Restored), shop + "_before_restore_99999999999999", RestoreNames.New(shop, Restored)];
        try
        {
            foreach (var name in others.Append(shop).Append(old))
            {
                await fixture.ExecuteAsync($"CREATE DATABASE \"{name}\"");
            }

            fixture.ConnectionString = (fixture.Address with { Database = shop }).ConnectionString;
            var found = Assert.Single(await fixture.TestAsync());
            Assert.Equal(
                ("OldDatabaseKept", FindingSeverity.Information, $"database \"{old}\"", $"DROP DATABASE \"{old}\";"),
                (found.Rule, found.Severity, found.DatabaseObject!, found.FixSql!));
            Assert.Matches($"^Replaced 3 days ago, at {Restored:yyyy-MM-dd HH:mm:ss}Z; [0-9.]+ MB; 0 session\\(s\\) on it\\.$", found.Evidence);
            await fixture.ExecuteElsewhereAsync(shop, found.FixSql!);
            HealthFixture.AssertNone(await fixture.TestAsync());
        }
        finally
        {
            foreach (var name in others.Append(shop).Append(old))
            {
                await fixture.DropElsewhereAsync(name);
            }
        }
    }

    [Fact]
    public async Task A_cut_name_counts_for_as_long_as_it_can_be_of_one_database_only()
    {
        await using var fixture = await servers.BenchAsync();
        var old = RestoreNames.Old(fixture.Address.Database, Restored);
        Assert.False(old.StartsWith(fixture.Address.Database, StringComparison.Ordinal));
        // Another one whose name is cut to the same.
        var twin = fixture.Address.Database[..^1] + "_";
        try
        {
            await fixture.ExecuteAsync($"CREATE DATABASE \"{old}\"");
            Assert.Equal($"database \"{old}\"", Assert.Single(await fixture.TestAsync()).DatabaseObject);
            await fixture.ExecuteAsync($"CREATE DATABASE \"{twin}\"");
            HealthFixture.AssertNone(await fixture.TestAsync());
        }
        finally
        {
            await fixture.DropElsewhereAsync(old);
            await fixture.DropElsewhereAsync(twin);
        }
    }
}
