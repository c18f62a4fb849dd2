using Npgsql;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Authoring;

/// <summary>What runs outside a transaction can stop half-way: it has to be possible to go on, and to go back.</summary>
public class InterruptedTemplateTests
{
    public static TheoryData<string, string, string> Cases => new()
    {
        { "not-null", PostgresErrorCodes.CheckViolation, "UPDATE thing SET name = '' WHERE name IS NULL" },
        { "foreign-key", PostgresErrorCodes.ForeignKeyViolation, "UPDATE thing SET name = NULL WHERE name = 'nobody'" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task After_a_bad_row_it_goes_on_or_back(string template, string sqlState, string fix)
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(
            "CREATE TABLE parent (id text PRIMARY KEY); CREATE TABLE thing (id int, name text);" +
            "INSERT INTO thing VALUES (1, NULL), (2, 'nobody')");
        var before = await database.SchemaDumpAsync(TestContext.Current.CancellationToken);
        string[] properties = template == "not-null" ? ["table=thing", "column=name"] : ["table=thing", "column=name", "references=parent"];
        var (up, down) = Shipped.Pair(template, properties);

        var error = await Assert.ThrowsAsync<PostgresException>(() => ScriptRun.AsModuleAsync(database, up));
        Assert.Equal(sqlState, error.SqlState);
        await ScriptRun.AsModuleAsync(database, down);
        Assert.Equal(before, await database.SchemaDumpAsync(TestContext.Current.CancellationToken));

        await Assert.ThrowsAsync<PostgresException>(() => ScriptRun.AsModuleAsync(database, up));
        await database.ExecuteAsync(fix);
        await ScriptRun.AsModuleAsync(database, up);
        await ScriptRun.AsModuleAsync(database, down);
        Assert.Equal(before, await database.SchemaDumpAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_index_that_was_left_invalid_is_dropped_and_built_anew()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync("CREATE TABLE thing (name text); INSERT INTO thing VALUES ('a'), ('a')");
        var (up, down) = Shipped.Pair("index", "table=thing", "columns=name");
        await Assert.ThrowsAsync<PostgresException>(
            () => ScriptRun.AsModuleAsync(database, up.Replace("CREATE INDEX", "CREATE UNIQUE INDEX", StringComparison.Ordinal)));
        Assert.Equal(
            "idx_thing_name",
            await database.ScalarAsync<string>("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"));
        await ScriptRun.AsModuleAsync(database, down);
        await ScriptRun.AsModuleAsync(database, up);
        Assert.Equal(0L, await database.ScalarAsync<long>("SELECT count(*) FROM pg_index WHERE NOT indisvalid"));
    }

    [Fact]
    public async Task An_enumerations_value_that_a_row_holds_stays_and_so_does_everything_else()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync("CREATE TYPE example_status AS ENUM ('open'); CREATE TABLE thing (status example_status)");
        var (up, down) = Shipped.Pair("enum-value");
        await ScriptRun.AsModuleAsync(database, up);
        var after = await database.SchemaDumpAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync("INSERT INTO thing VALUES ('archived')");
        var error = await Assert.ThrowsAsync<PostgresException>(() => ScriptRun.AsModuleAsync(database, down));
        Assert.Contains("archived", error.MessageText, StringComparison.Ordinal);
        Assert.Equal(after, await database.SchemaDumpAsync(TestContext.Current.CancellationToken));
    }
}
