using System.Diagnostics;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Tests.Health;

[Collection<HealthyServers>]
public sealed class BoundTests(HealthServers servers)
{
    const string Orphans = """
        CREATE TABLE parent (id int PRIMARY KEY);
        CREATE TABLE child (id int PRIMARY KEY, parent_id int REFERENCES parent);
        CREATE INDEX ON child (parent_id);
        SET session_replication_role = replica;
        INSERT INTO child SELECT i, i FROM generate_series(1, 200000) i;
        RESET session_replication_role;
        """;

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task A_large_table_is_sampled_and_says_so_and_a_full_report_reads_all(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        await fixture.ExecuteAsync(Orphans);
        var small = new HealthThresholds { SampleAboveBytes = 1 << 20, SampleBytes = 1 << 20 };

        var sampled = await fixture.TestAsync(small, HealthGroup.Constraint);
        Assert.Equal(["BrokenForeignKey", "CheckSampled"], sampled.Select(f => f.Rule));
        Assert.Contains("In a sample of ", sampled[0].Evidence!, StringComparison.Ordinal);
        Assert.DoesNotContain("200000 rows", sampled[0].Evidence!, StringComparison.Ordinal);
        Assert.Contains("public.child", sampled[1].Evidence!, StringComparison.Ordinal);

        var full = Assert.Single(await fixture.TestWithAsync(new() { Thresholds = small, Full = true, Groups = [HealthGroup.Constraint] }));
        Assert.StartsWith("200000 rows with 200000 keys", full.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_ends_with_its_time_and_the_others_go_on()
    {
        await using var fixture = await servers.BenchAsync();
        await fixture.ExecuteAsync("CREATE TABLE keyless (i int)");
        fixture.Folder.Add("checks/slow.sql", "SELECT pg_sleep(3600)");
        fixture.Folder.Add("checks/swift.sql", "SELECT 1 AS one");
        var clock = Stopwatch.StartNew();
        var found = await fixture.TestWithAsync(new() { CheckTimeout = TimeSpan.FromSeconds(1) });
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.Equal(["swift", "NoPrimaryKey", "CheckNotFinished"], found.Select(f => f.Rule));
        Assert.Contains("what 'slow.sql' finds", found[2].Message, StringComparison.Ordinal);
        Assert.Equal(FindingSeverity.Information, found[2].Severity);
        Assert.Equal(0, await fixture.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3600)%' AND pid <> pg_backend_pid()"));
    }

    [Fact]
    public async Task A_locked_table_is_named_and_the_rest_is_examined()
    {
        await using var fixture = await servers.BenchAsync();
        await fixture.ExecuteAsync(Orphans.Replace("200000", "2", StringComparison.Ordinal));
        await fixture.ExecuteAsync("CREATE TABLE other (id int PRIMARY KEY, parent_id int REFERENCES parent); CREATE INDEX ON other (parent_id);");
        await using var locking = await fixture.OpenAsync();
        await using (var batch = new Npgsql.NpgsqlBatch(locking) { BatchCommands = { new("BEGIN"), new("LOCK TABLE other IN ACCESS EXCLUSIVE MODE") } })
        {
            await batch.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var found = await fixture.TestAsync();
        Assert.Equal(["BrokenForeignKey", "CheckNotFinished"], found.Select(f => f.Rule));
        Assert.Contains("public.other.other_parent_id_fkey: Another session holds a lock on it.", found[1].Evidence!, StringComparison.Ordinal);
        var overview = await fixture.Open().Health.DescribeAsync(detailed: true, fixture.Observer, TestContext.Current.CancellationToken);
        Assert.Contains("public.other", overview.LargestTables.Select(t => t.Name));
    }

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task A_role_without_rights_is_told_what_it_could_not_see(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        await fixture.ExecuteAsync(SeededProblems.Sql);
        var role = "guest_" + fixture.Address.Database;
        await fixture.ExecuteAsync($"CREATE ROLE \"{role}\" LOGIN PASSWORD 'guest'");
        try
        {
            fixture.ConnectionString = (fixture.Address with { UserName = role, Password = "guest" }).ConnectionString;
            var found = await fixture.TestAsync(SeededProblems.Thresholds);
            HealthFixture.AssertNone(found.Where(f => f.Rule == "CheckNotFinished"));
            var refused = found.Where(f => f.Rule == "CheckNotPermitted").ToList();
            Assert.Contains(refused, f => f.Evidence!.Contains("public.line.line_fkey", StringComparison.Ordinal));
            Assert.Contains(refused, f => f.Evidence!.Contains("public.priced.price_positive", StringComparison.Ordinal));
            Assert.Contains(refused, f => f.Evidence!.Contains("public.wide", StringComparison.Ordinal));
            Assert.Contains(refused, f => f.Message.Contains("bloated tables", StringComparison.Ordinal) && f.Evidence!.Contains("public.bloated", StringComparison.Ordinal));
            Assert.Contains(refused, f => f.Message.Contains("bloated indexes", StringComparison.Ordinal));
            Assert.Contains(found, f => f.Rule == "InvalidIndex");
            Assert.DoesNotContain(found, f => f.Rule == "BrokenForeignKey");
        }
        finally
        {
            await fixture.ExecuteAsync($"DROP ROLE \"{role}\"");
        }
    }

    [Fact]
    public async Task A_policy_that_hides_rows_makes_no_orphans()
    {
        await using var fixture = await servers.BenchAsync();
        var role = "tenant_" + fixture.Address.Database;
        await fixture.ExecuteAsync($"""
            CREATE ROLE "{role}" LOGIN PASSWORD 'tenant';
            CREATE TABLE parent (id int PRIMARY KEY);
            CREATE TABLE child (id int PRIMARY KEY, parent_id int REFERENCES parent);
            INSERT INTO parent VALUES (1);
            INSERT INTO child VALUES (1, 1);
            ALTER TABLE parent ENABLE ROW LEVEL SECURITY;
            CREATE POLICY nothing ON parent USING (false);
            GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{role}";
            """);
        fixture.ConnectionString = (fixture.Address with { UserName = role, Password = "tenant" }).ConnectionString;
        Assert.Equal("CheckNotPermitted", Assert.Single(await fixture.TestAsync(HealthGroup.Constraint)).Rule);
        await fixture.ExecuteAsync($"DROP OWNED BY \"{role}\"; DROP ROLE \"{role}\";");
    }
}
