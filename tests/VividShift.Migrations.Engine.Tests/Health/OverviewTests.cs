using VividShift.Migrations.Engine.Tests.Authoring;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Tests.Health;

[Collection<HealthyServers>]
public sealed class OverviewTests(HealthServers servers)
{
    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task The_figures_are_the_servers_own(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        await fixture.ExecuteAsync("""
            CREATE TABLE big (id int PRIMARY KEY, t text);
            INSERT INTO big SELECT i, repeat('x', 100) FROM generate_series(1, 20000) i;
            CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id);
            CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (100000);
            INSERT INTO parts SELECT generate_series(1, 10000);
            ANALYZE big;
            """);
        await using var other = await fixture.OpenAsync();
        // Whoever has hung up counts until the server has noticed.
        await using var waiting = new Npgsql.NpgsqlCommand("SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'", other);
        while (await waiting.ExecuteScalarAsync(TestContext.Current.CancellationToken) is not true)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        var overview = await DescribeAsync(fixture, detailed: false);
        Assert.Equal(await fixture.ScalarAsync<string>("SELECT split_part(current_setting('server_version'), ' ', 1)"), overview.ServerVersion);
        Assert.InRange(overview.SizeBytes, 6_000_000, 60_000_000);
        Assert.Equal(await fixture.ScalarAsync<DateTime>("SELECT pg_postmaster_start_time()"), overview.StartedAt.UtcDateTime);
        Assert.InRange(overview.Uptime, TimeSpan.FromTicks(1), TimeSpan.FromHours(1));
        Assert.Equal((2, 97, "UTF8"), (overview.DatabaseConnections, overview.ConnectionLimit, overview.Encoding));
        Assert.InRange(overview.CacheHitRate ?? 0, 0, 1);
        Assert.Equal((false, null, 0), (overview.IsStandby, overview.ReplicationLag, overview.Standbys.Count));
        Assert.Equal(("dev", false), (overview.Environment, overview.Protected));
        Assert.Equal(["public.big", "public.parts"], overview.LargestTables.Select(t => t.Name));
        Assert.Equal(await fixture.ScalarAsync<long>("SELECT pg_total_relation_size('big')"), overview.LargestTables[0].TotalBytes);
        Assert.Equal(await fixture.ScalarAsync<long>("SELECT pg_total_relation_size('parts_1')"), overview.LargestTables[1].TotalBytes);
        Assert.Equal(20000, overview.LargestTables[0].EstimatedRows);
        Assert.Equal((null, 0, null), (overview.MigrationVersion, overview.AppliedMigrations!.Value, overview.PendingMigrations));
        Assert.Empty(overview.LargestIndexes);

        var detailed = await DescribeAsync(fixture, detailed: true);
        Assert.Equal("public.big_pkey", detailed.LargestIndexes[0].Name);
        Assert.Contains(detailed.Settings, s => s.Name == "max_prepared_transactions" && s.Value == "10");
    }

    [Fact]
    public async Task It_says_how_far_the_migrations_are_and_leaves_out_what_the_role_may_not_see()
    {
        await using var fixture = await servers.BenchAsync();
        fixture.Paths = [Shipped.MigrationsFolder];
        Assert.Equal((null, 0, 4), await MigrationsAsync(fixture));
        await fixture.MigrateAsync(3);
        Assert.Equal((20250928143000, 3, 1), await MigrationsAsync(fixture));

        var role = "glance_" + fixture.Address.Database;
        await fixture.ExecuteAsync($"CREATE ROLE \"{role}\" LOGIN PASSWORD 'glance'");
        fixture.ConnectionString = (fixture.Address with { UserName = role, Password = "glance" }).ConnectionString;
        Assert.Equal((null, null, null), await MigrationsAsync(fixture));
        await fixture.ExecuteAsync($"DROP ROLE \"{role}\"");
    }

    [Fact]
    public async Task The_last_backup_of_this_database_is_named_and_no_other()
    {
        await using var fixture = await servers.BenchAsync();
        await using var other = await servers.BenchAsync();
        Assert.Null((await DescribeAsync(fixture, detailed: false)).LastBackup);
        var folder = fixture.Folder.PathOf("backups");
        var made = await fixture.Open().Backups.BackUpAsync(new() { Folder = folder }, fixture.Observer, TestContext.Current.CancellationToken);
        await other.Open().Backups.BackUpAsync(new() { Folder = folder }, fixture.Observer, TestContext.Current.CancellationToken);
        Assert.Equal(made.Name, (await DescribeAsync(fixture, detailed: false)).LastBackup?.Name);
    }

    [Fact]
    public async Task History_that_a_run_would_refuse_is_a_finding_and_a_missing_folder_is_told()
    {
        await using var fixture = await servers.BenchAsync();
        fixture.Folder.Add("migrations/1_a.sql", "CREATE TABLE a (id int PRIMARY KEY);");
        await fixture.MigrateAsync();
        HealthFixture.AssertNone(await fixture.TestAsync());
        Assert.Equal(["DownScriptMissing"], (await fixture.TestWithAsync(new() { Full = true })).Select(f => f.Rule));
        fixture.Folder.Add("migrations/1_a.sql", "CREATE TABLE a (id bigint PRIMARY KEY);");
        Assert.Equal(["ChecksumMismatch"], (await fixture.TestAsync()).Select(f => f.Rule));
        Directory.Delete(fixture.Folder.PathOf("migrations"), recursive: true);
        Assert.Equal(["HistoryNotCompared"], (await fixture.TestAsync()).Select(f => f.Rule));
    }

    static async Task<(long?, int?, int?)> MigrationsAsync(HealthFixture fixture)
    {
        var overview = await DescribeAsync(fixture, detailed: false);
        return (overview.MigrationVersion, overview.AppliedMigrations, overview.PendingMigrations);
    }

    static Task<DatabaseOverview> DescribeAsync(HealthFixture fixture, bool detailed) =>
        fixture.Open().Health.DescribeAsync(detailed, fixture.Observer, TestContext.Current.CancellationToken);
}
