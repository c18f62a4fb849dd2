using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Authoring;

public class TemplateRoundTripTests
{
    const string Table = """table=Shop."Order.Items" """;

    // Every template with its defaults on example_table, and with names that need quotes in a schema off the search path.
    public static TheoryData<string, string, string[]> Cases => new()
    {
        { "empty", "", [] },
        { "table", "", ["table=second_table"] },
        { "table", "", ["table=Shop.user", "comment=It's a \\ table"] },
        { "column", "", [] },
        { "column", "", [Table, "column=Größe", "type=VARCHAR(20) NOT NULL DEFAULT 'active'", "comment="] },
        { "index", "", [] },
        { "index", "", [Table, "columns=metadata", "method=gin"] },
        { "index", "", [Table, "columns=is_active, name"] },
        { "not-null", "", [] },
        { "not-null", "", [Table] },
        { "foreign-key", "ALTER TABLE example_table ADD parent_id uuid", [] },
        {
            "foreign-key", """ALTER TABLE "Shop"."Order.Items" ADD "Parent" uuid""",
            [Table, "column=Parent", "references=example_table", "on_delete=SET NULL"]
        },
        { "enum-value", "CREATE TYPE example_status AS ENUM ('draft', 'open')", [] },
        {
            "enum-value",
            """
            CREATE TYPE "Shop"."State" AS ENUM ('a', 'b');
            COMMENT ON TYPE "Shop"."State" IS 'What''s up';
            ALTER TABLE example_table ADD state "Shop"."State" NOT NULL DEFAULT 'b';
            CREATE TABLE parted (id int, state "Shop"."State" DEFAULT 'a') PARTITION BY RANGE (id);
            CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
            INSERT INTO example_table (name) VALUES ('x');
            """,
            ["type=Shop.State", "value=it's"]
        },
        { "column-type", "", [] },
        { "column-type", "", [Table, "column=is_active", "type=SMALLINT"] },
        { "rename-table", "", [] },
        { "rename-table", "GRANT SELECT ON \"Shop\".\"Order.Items\" TO pg_monitor WITH GRANT OPTION", [Table, "new_name=Shop.Items"] },
    };

    // Each script runs both ways: as the module runs it, and in the one message that sqlx sends.
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_applies_reverts_to_what_was_there_and_applies_again(string template, string before, string[] properties)
    {
        await using var database = await DatabaseAsync(before);
        var (up, down) = Shipped.Pair(template, properties);
        var old = await database.SchemaDumpAsync(TestContext.Current.CancellationToken);
        await ScriptRun.AsModuleAsync(database, up);
        var after = await database.SchemaDumpAsync(TestContext.Current.CancellationToken);
        Assert.Equal(template == "empty", old == after);
        await ScriptRun.AsSqlxAsync(database, down);
        Assert.Equal(old, await database.SchemaDumpAsync(TestContext.Current.CancellationToken));
        await ScriptRun.AsSqlxAsync(database, up);
        Assert.Equal(after, await database.SchemaDumpAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0L, await database.ScalarAsync<long>("SELECT count(*) FROM pg_index WHERE NOT indisvalid"));
        Assert.Equal(0L, await database.ScalarAsync<long>("SELECT count(*) FROM pg_constraint WHERE NOT convalidated"));
        await ScriptRun.AsModuleAsync(database, down);
        Assert.Equal(old, await database.SchemaDumpAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Every_template_that_ships_is_described_has_a_way_back_and_is_tested()
    {
        string[] chained = ["data", "column-type-contract", "rename-table-contract"];
        Assert.Equal(Cases.Select(c => c.Data.Item1).Concat(chained).Distinct().Order(StringComparer.Ordinal), Shipped.Templates.Names);
        foreach (var template in Shipped.Templates.Names.Select(Shipped.Templates.Load))
        {
            Assert.True(template.Reversible, template.Name);
            Assert.NotEmpty(template.Description);
            Assert.DoesNotContain("<", template.Description, StringComparison.Ordinal);
            Assert.DoesNotContain(template.Properties, p => p.Default is null);
        }
    }

    static async Task<TestDatabase> DatabaseAsync(string before)
    {
        var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(Shipped.Basis + """CREATE SCHEMA "Shop";""");
        await ScriptRun.AsModuleAsync(database, Shipped.Pair("table").Up);
        await ScriptRun.AsModuleAsync(database, Shipped.Pair("table", Table).Up);
        await database.ExecuteAsync(before.Length > 0 ? before : "SELECT 1");
        return database;
    }
}
