using VividShift.Migrations.Engine.Restoring;

namespace VividShift.Migrations.Engine.Tests.Health;

[Collection<HealthyServers>]
public sealed class OldDatabaseTests(HealthServers servers)
{
    static readonly DateTimeOffset Restored = DateTimeOffset.UtcNow.AddDays(-3);

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task What_a_restore_has_replaced_is_told_with_age_and_size_and_dropped(int major)
    {
        await using var bench = await servers.BenchAsync(major);
        var shop = $"Shop {Guid.NewGuid().ToString("N")[..8]}";
        var old = RestoreNames.Old(shop, Restored);
        string[] others = [shop + "_x", RestoreNames.Old(shop + "_x", Restored), shop + "_before_restore_99999999999999", RestoreNames.New(shop, Restored)];
        try
        {
            foreach (var name in others.Append(shop).Append(old))
            {
                await bench.ExecuteAsync($"CREATE DATABASE \"{name}\"");
            }

            bench.ConnectionString = (bench.Address with { Database = shop }).ConnectionString;
            var found = Assert.Single(await bench.TestAsync());
            Assert.Equal(
                ("OldDatabaseKept", FindingSeverity.Information, $"database \"{old}\"", $"DROP DATABASE \"{old}\";"),
                (found.Rule, found.Severity, found.DatabaseObject!, found.MendingSql!));
            Assert.Matches($"^Replaced 3 days ago, at {Restored:yyyy-MM-dd HH:mm:ss}Z; [0-9.]+ MB; 0 session\\(s\\) on it\\.$", found.Evidence);
            await bench.ExecuteElsewhereAsync(shop, found.MendingSql!);
            HealthBench.AssertNone(await bench.TestAsync());
        }
        finally
        {
            foreach (var name in others.Append(shop).Append(old))
            {
                await bench.DropElsewhereAsync(name);
            }
        }
    }

    [Fact]
    public async Task A_cut_name_counts_for_as_long_as_it_can_be_of_one_database_only()
    {
        await using var bench = await servers.BenchAsync();
        var old = RestoreNames.Old(bench.Address.Database, Restored);
        Assert.False(old.StartsWith(bench.Address.Database, StringComparison.Ordinal));
        // Another one whose name is cut to the same.
        var twin = bench.Address.Database[..^1] + "_";
        try
        {
            await bench.ExecuteAsync($"CREATE DATABASE \"{old}\"");
            Assert.Equal($"database \"{old}\"", Assert.Single(await bench.TestAsync()).DatabaseObject);
            await bench.ExecuteAsync($"CREATE DATABASE \"{twin}\"");
            HealthBench.AssertNone(await bench.TestAsync());
        }
        finally
        {
            await bench.DropElsewhereAsync(old);
            await bench.DropElsewhereAsync(twin);
        }
    }
}
