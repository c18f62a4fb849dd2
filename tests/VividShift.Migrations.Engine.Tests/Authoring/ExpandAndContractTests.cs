using Npgsql;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Authoring;

public class ExpandAndContractTests
{
    [Fact]
    public async Task A_type_changes_in_three_steps_and_back_while_rows_are_written()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(
            "CREATE TABLE thing (id int PRIMARY KEY, code text); INSERT INTO thing SELECT n, n::text FROM generate_series(1, 20) n");
        string[] change = ["table=thing", "column=code", "type=BIGINT"];
        var expand = Shipped.Pair("column-type", change);
        var contract = Shipped.Pair("column-type-contract", [.. change, "old_type=TEXT"]);
        var fill = Shipped.Pair(
            "data", "table=thing", "column=code_new", "value=t.code::bigint", "condition=t.code IS NOT NULL AND t.code_new IS NULL");

        await ScriptRun.AsModuleAsync(database, expand.Up);
        var expanded = await database.SchemaDumpAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync("INSERT INTO thing VALUES (21, '21'); UPDATE thing SET code = '100' WHERE id = 1");
        var early = await Assert.ThrowsAsync<PostgresException>(() => ScriptRun.AsModuleAsync(database, contract.Up));
        Assert.Contains("not filled yet", early.MessageText, StringComparison.Ordinal);
        await ScriptRun.AsModuleAsync(database, fill.Up);

        await ScriptRun.AsModuleAsync(database, contract.Up);
        Assert.Equal(330L, await database.ScalarAsync<long>("SELECT sum(code)::bigint FROM thing"));
        await database.ExecuteAsync("INSERT INTO thing (id, code) VALUES (22, 22); UPDATE thing SET code = 7 WHERE id = 2");

        await ScriptRun.AsModuleAsync(database, contract.Down);
        Assert.Equal(expanded, await database.SchemaDumpAsync(TestContext.Current.CancellationToken));
        Assert.Equal("7", await database.ScalarAsync<string>("SELECT code FROM thing WHERE id = 2"));
        Assert.Equal("22", await database.ScalarAsync<string>("SELECT code FROM thing WHERE id = 22"));
        await database.ExecuteAsync("UPDATE thing SET code = '8' WHERE id = 2");
        Assert.Equal(8L, await database.ScalarAsync<long>("SELECT code_new FROM thing WHERE id = 2"));
    }

    [Fact]
    public async Task A_renamed_table_is_read_and_written_under_both_names_by_who_could_before()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync("CREATE TABLE example_table (id int GENERATED ALWAYS AS IDENTITY, name text DEFAULT 'x')");
        await using var role = await database.CreateRoleAsync("GRANT SELECT, INSERT ON example_table TO {role}");
        var expand = Shipped.Pair("rename-table");
        var contract = Shipped.Pair("rename-table-contract");

        await ScriptRun.AsModuleAsync(database, expand.Up);
        var expanded = await database.SchemaDumpAsync(TestContext.Current.CancellationToken);
        await using (var user = new NpgsqlConnection(role.ConnectionString))
        {
            await user.OpenAsync(TestContext.Current.CancellationToken);
            await using var insert = new NpgsqlCommand(
                "INSERT INTO example_table DEFAULT VALUES; INSERT INTO renamed_table DEFAULT VALUES", user);
            Assert.Equal(2, await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
            await using var delete = new NpgsqlCommand("DELETE FROM example_table", user);
            var refused = await Assert.ThrowsAsync<PostgresException>(
                () => delete.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }

        Assert.Equal(2L, await database.ScalarAsync<long>("SELECT count(*) FROM example_table WHERE name = 'x'"));
        await ScriptRun.AsModuleAsync(database, contract.Up);
        Assert.Null(await database.ScalarAsync<string>("SELECT to_regclass('example_table')::text"));
        await ScriptRun.AsModuleAsync(database, contract.Down);
        await ScriptRun.AsModuleAsync(database, expand.Down);
        Assert.Equal(2L, await database.ScalarAsync<long>("SELECT count(*) FROM example_table"));
        await ScriptRun.AsModuleAsync(database, expand.Up);
        Assert.Equal(expanded, await database.SchemaDumpAsync(TestContext.Current.CancellationToken));
    }
}
