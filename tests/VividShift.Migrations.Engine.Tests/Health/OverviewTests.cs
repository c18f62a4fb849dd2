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
        await using var bench = await servers.BenchAsync(major);
        await bench.ExecuteAsync("""
            CREATE TABLE big (id int PRIMARY KEY, t text);
            INSERT INTO big SELECT i, repeat('x', 100) FROM generate_series(1, 20000) i;
            CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id);
            CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (100000);
            INSERT INTO parts SELECT generate_series(1, 10000);
            ANALYZE big;
            """);
        await using var other = await bench.OpenAsync();
        // Whoever has hung up counts until the server has noticed.
        await using var waiting = new Npgsql.NpgsqlCommand("SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'", other);
        while (await waiting.ExecuteScalarAsync(TestContext.Current.CancellationToken) is not true)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        var overview = await DescribeAsync(bench, detailed: false);
        Assert.Equal(await bench.ScalarAsync<string>("SELECT split_part(current_setting('server_version'), ' ', 1)"), overview.ServerVersion);
        Assert.InRange(overview.SizeBytes, 6_000_000, 60_000_000);
        Assert.Equal(await bench.ScalarAsync<DateTime>("SELECT pg_postmaster_start_time()"), overview.StartedAt.UtcDateTime);
        Assert.InRange(overview.Uptime, TimeSpan.FromTicks(1), TimeSpan.FromHours(1));
        Assert.Equal((2, 97, "UTF8"), (overview.DatabaseConnections, overview.ConnectionLimit, overview.Encoding));
        Assert.InRange(overview.CacheHitRate ?? 0, 0, 1);
        Assert.Equal((false, null, 0), (overview.IsStandby, overview.ReplicationLag, overview.Standbys.Count));
        Assert.Equal(("dev", false), (overview.Environment, overview.Protected));
        Assert.Equal(["public.big", "public.parts"], overview.LargestTables.Select(t => t.Name));
        Assert.Equal(await bench.ScalarAsync<long>("SELECT pg_total_relation_size('big')"), overview.LargestTables[0].TotalBytes);
        Assert.Equal(await bench.ScalarAsync<long>("SELECT pg_total_relation_size('parts_1')"), overview.LargestTables[1].TotalBytes);
        Assert.Equal(20000, overview.LargestTables[0].EstimatedRows);
        Assert.Equal((null, 0, null), (overview.MigrationVersion, overview.AppliedMigrations!.Value, overview.PendingMigrations));
        Assert.Empty(overview.LargestIndexes);

        var detailed = await DescribeAsync(bench, detailed: true);
        Assert.Equal("public.big_pkey", detailed.LargestIndexes[0].Name);
        Assert.Contains(detailed.Settings, s => s.Name == "max_prepared_transactions" && s.Value == "10");
    }

    [Fact]
    public async Task It_says_how_far_the_migrations_are_and_leaves_out_what_the_role_may_not_see()
    {
        await using var bench = await servers.BenchAsync();
        bench.Paths = [Shipped.MigrationsFolder];
        Assert.Equal((null, 0, 4), await MigrationsAsync(bench));
        var plan = await bench.Engine.PlanAsync(bench.Request, new() { Count = 3 }, bench.Observer, TestContext.Current.CancellationToken);
        await bench.Engine.RunAsync(
            new() { Migrations = bench.Request, Plan = new() { Count = 3 }, Agreed = plan, AgreedSteps = 3 }, bench.Observer, TestContext.Current.CancellationToken);
        Assert.Equal((20250928143000, 3, 1), await MigrationsAsync(bench));

        var role = "glance_" + bench.Address.Database;
        await bench.ExecuteAsync($"CREATE ROLE \"{role}\" LOGIN PASSWORD 'glance'");
        bench.ConnectionString = (bench.Address with { UserName = role, Password = "glance" }).ConnectionString;
        Assert.Equal((null, null, null), await MigrationsAsync(bench));
        await bench.ExecuteAsync($"DROP ROLE \"{role}\"");
    }

    [Fact]
    public async Task The_last_backup_of_this_database_is_named_and_no_other()
    {
        await using var bench = await servers.BenchAsync();
        await using var other = await servers.BenchAsync();
        Assert.Null((await DescribeAsync(bench, detailed: false)).LastBackup);
        var folder = bench.Folder.PathOf("backups");
        var made = await bench.Engine.Backups.BackUpAsync(
            new() { Database = bench.Request.Database, Folder = folder }, bench.Observer, TestContext.Current.CancellationToken);
        await bench.Engine.Backups.BackUpAsync(
            new() { Database = other.Request.Database, Folder = folder }, bench.Observer, TestContext.Current.CancellationToken);
        Assert.Equal(made.Name, (await DescribeAsync(bench, detailed: false)).LastBackup?.Name);
    }

    [Fact]
    public async Task History_that_a_run_would_refuse_is_a_finding_and_a_missing_folder_is_told()
    {
        await using var bench = await servers.BenchAsync();
        bench.Folder.Add("migrations/1_a.sql", "CREATE TABLE a (id int PRIMARY KEY);");
        var plan = await bench.Engine.PlanAsync(bench.Request, new(), bench.Observer, TestContext.Current.CancellationToken);
        await bench.Engine.RunAsync(
            new() { Migrations = bench.Request, Plan = new(), Agreed = plan, AgreedSteps = 1 }, bench.Observer, TestContext.Current.CancellationToken);
        HealthBench.AssertNone(await bench.TestAsync());
        Assert.Equal(["DownScriptMissing"], (await bench.TestWithAsync(new() { Migrations = bench.Request, Full = true })).Select(f => f.Rule));
        bench.Folder.Add("migrations/1_a.sql", "CREATE TABLE a (id bigint PRIMARY KEY);");
        Assert.Equal(["ChecksumMismatch"], (await bench.TestAsync()).Select(f => f.Rule));
        Directory.Delete(bench.Folder.PathOf("migrations"), recursive: true);
        Assert.Equal(["HistoryNotCompared"], (await bench.TestAsync()).Select(f => f.Rule));
    }

    static async Task<(long?, int?, int?)> MigrationsAsync(HealthBench bench)
    {
        var overview = await DescribeAsync(bench, detailed: false);
        return (overview.MigrationVersion, overview.AppliedMigrations, overview.PendingMigrations);
    }

    static Task<DatabaseOverview> DescribeAsync(HealthBench bench, bool detailed) =>
        bench.Engine.Health.DescribeAsync(bench.Request, detailed, bench.Observer, TestContext.Current.CancellationToken);
}
