using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Tests.Health;

[Collection<HealthyServers>]
public sealed class ForeignKeyIndexTests(HealthServers servers)
{
    const string Tables = """
        CREATE TABLE parent (a int, b int, PRIMARY KEY (a, b));
        CREATE TABLE child (id int PRIMARY KEY, a int, b int, c int, CONSTRAINT child_fkey FOREIGN KEY (a, b) REFERENCES parent);
        INSERT INTO parent SELECT i, i FROM generate_series(1, 20000) i;
        INSERT INTO child SELECT i, i, i, i FROM generate_series(1, 20000) i;
        """;

    [Theory]
    [InlineData("(a, b)")]
    [InlineData("(b, a)")]
    [InlineData("(b DESC, a, c)")]
    [InlineData("(a, b) INCLUDE (c)")]
    [InlineData("(a, b) WHERE a IS NOT NULL")]
    public async Task An_index_serves_a_key_when_its_first_columns_are_those_of_the_key(string index)
    {
        await using var fixture = await PlantAsync(index);
        HealthFixture.AssertNone(await fixture.TestAsync(HealthGroup.Index));
        // The query that PostgreSQL itself asks of a key.
        await fixture.ExecuteAsync("ANALYZE child");
        var plan = await fixture.ScalarAsync<string>("EXPLAIN (FORMAT JSON) SELECT 1 FROM ONLY child x WHERE 7 = a AND 7 = b FOR KEY SHARE OF x");
        Assert.Contains("\"wanted\"", plan!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(a)")]
    [InlineData("(b)")]
    [InlineData("(a, c, b)")]
    [InlineData("(c, a, b)")]
    [InlineData("(a) INCLUDE (b)")]
    [InlineData("(a, abs(b))")]
    [InlineData("(a, b) WHERE c > 0")]
    [InlineData("(a, b) WHERE c IS NOT NULL")]
    [InlineData("(a, b) WHERE a IS NULL")]
    public async Task Another_index_does_not_and_the_SQL_makes_one_that_does(string index)
    {
        await using var fixture = await PlantAsync(index);
        var found = await fixture.MendsAsync("ForeignKeyWithoutIndex", "public.child.child_fkey", null, HealthGroup.Index);
        Assert.Equal("CREATE INDEX CONCURRENTLY ON public.child (a, b);", found.FixSql);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("b", false)]
    public async Task Columns_that_name_one_row_of_the_other_table_alone_are_enough(string unique, bool serves)
    {
        await using var fixture = await PlantAsync("(a, c)");
        await fixture.ExecuteAsync($"ALTER TABLE parent ADD UNIQUE ({unique})");
        Assert.Equal(serves ? [] : ["ForeignKeyWithoutIndex"], (await fixture.TestAsync(HealthGroup.Index)).Select(f => f.Rule));
    }

    [Fact]
    public async Task An_invalid_index_serves_nobody()
    {
        await using var fixture = await PlantAsync("(a, b)");
        await fixture.ExecuteAsync("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'wanted'::regclass");
        Assert.Equal(["ForeignKeyWithoutIndex", "InvalidIndex"], (await fixture.TestAsync(HealthGroup.Index)).Select(f => f.Rule));
    }

    async Task<HealthFixture> PlantAsync(string index)
    {
        var fixture = await servers.BenchAsync();
        await fixture.ExecuteAsync($"{Tables}\nCREATE INDEX wanted ON child {index};");
        return fixture;
    }
}
