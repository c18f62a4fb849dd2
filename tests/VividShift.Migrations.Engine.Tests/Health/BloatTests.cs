using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Tests.Health;

[Collection<HealthyServers>]
public sealed class BloatTests(HealthServers servers)
{
    static readonly HealthThresholds Small = new() { BloatBytes = 200_000 };

    // Random order, columns of all widths, nulls, duplicates, expressions, what a table keeps out of line: all as full as they get by
    // inserting.
    const string Healthy = """
        CREATE TABLE healthy (id bigint PRIMARY KEY, random uuid, small smallint, flag bool, wide bigint, name text, often text, rare text, body text);
        CREATE INDEX healthy_random ON healthy (random);
        CREATE INDEX healthy_gaps ON healthy (flag, wide, small, id);
        CREATE INDEX healthy_name ON healthy (name, small);
        CREATE INDEX healthy_often ON healthy (often);
        CREATE INDEX healthy_rare ON healthy (rare);
        CREATE INDEX healthy_part ON healthy (name) WHERE small > 20;
        CREATE INDEX healthy_expression ON healthy (lower(name), (wide + 1));
        CREATE INDEX healthy_include ON healthy (small) INCLUDE (name);
        CREATE INDEX healthy_loose ON healthy (wide) WITH (fillfactor = 50);
        CREATE INDEX healthy_body ON healthy (body);
        ALTER TABLE healthy ALTER body SET STORAGE EXTERNAL;
        INSERT INTO healthy
        SELECT i, md5(i::text)::uuid, i % 30, i % 2 = 0, hashtext(i::text), md5((i * 7)::text), 'often ' || i % 5, CASE WHEN i % 3 = 0 THEN 'rare ' || i END,
               (SELECT string_agg(md5((i * 31 + j)::text), '') FROM generate_series(1, 25) j) || CASE WHEN i % 2 = 0 THEN '' ELSE repeat('y', 1300) END
        FROM generate_series(1, 15000) i;
        VACUUM ANALYZE healthy;
        """;

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task Nothing_is_bloated_by_inserting(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        await fixture.ExecuteAsync(Healthy);
        Assert.True(await fixture.ScalarAsync<bool>("SELECT min(pg_relation_size(indexrelid)) >= 100000 FROM pg_index WHERE indrelid = 'healthy'::regclass"));
        HealthFixture.AssertNone((await fixture.TestAsync(Small)).Where(IsBloat));
    }

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task Rows_that_nobody_has_counted_yet_are_no_bloat(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        await fixture.ExecuteAsync("""
            CREATE TABLE grown (id int PRIMARY KEY, t text);
            INSERT INTO grown SELECT i, 'x' FROM generate_series(1, 10) i;
            ANALYZE grown;
            INSERT INTO grown SELECT i, 'x' FROM generate_series(11, 30000) i;
            """);
        HealthFixture.AssertNone((await fixture.TestAsync(Small)).Where(IsBloat));
    }

    [Theory]
    [MemberData(nameof(HealthServers.Majors), MemberType = typeof(HealthServers))]
    public async Task Every_kind_of_index_is_found_when_most_rows_have_gone(int major)
    {
        await using var fixture = await servers.BenchAsync(major);
        await fixture.ExecuteAsync($"{Healthy}\nDELETE FROM healthy WHERE id % 15 <> 0;\nVACUUM ANALYZE healthy;");
        var found = (await fixture.TestAsync(Small, HealthGroup.Index)).Where(IsBloat).ToList();
        Assert.Superset(
            new HashSet<string?> { "public.healthy_pkey", "public.healthy_random", "public.healthy_gaps", "public.healthy_name", "public.healthy_part", "public.healthy_expression",
                "public.healthy_include", "public.healthy_loose" },
            found.Select(f => f.DatabaseObject).ToHashSet());
        foreach (var finding in found)
        {
            await fixture.MendsAsync("BloatedIndex", finding.DatabaseObject!, Small, HealthGroup.Index);
        }
    }

    [Fact]
    public async Task An_index_of_an_emptied_table_is_found_and_built_anew()
    {
        await using var fixture = await servers.BenchAsync();
        await fixture.ExecuteAsync("""
            CREATE TABLE emptied (id int PRIMARY KEY);
            INSERT INTO emptied SELECT generate_series(1, 30000);
            DELETE FROM emptied;
            VACUUM emptied;
            """);
        await fixture.MendsAsync("BloatedIndex", "public.emptied_pkey", Small, HealthGroup.Index);
        Assert.InRange(await fixture.ScalarAsync<long>("SELECT pg_relation_size('emptied_pkey')"), 1, 20_000);
    }

    static bool IsBloat(Finding finding) => finding.Rule.StartsWith("Bloated", StringComparison.Ordinal);
}
