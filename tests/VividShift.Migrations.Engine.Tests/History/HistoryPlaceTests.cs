using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Engine.Tests.History;

public class HistoryPlaceTests
{
    [Fact]
    public async Task The_table_is_where_sqlx_would_find_it_first_and_is_not_shadowed_later()
    {
        await using var bench = await Workbench.CreateAsync();
        bench.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        await bench.UpAsync();
        // A schema named after the role comes before public in the default search_path.
        await bench.Database.ExecuteAsync($"CREATE SCHEMA \"{bench.Database.UserName}\"", Workbench.Token);
        try
        {
            Assert.Equal([MigrationState.Applied], (await bench.StatusAsync()).Select(s => s.State));
            bench.Folder.Add("2_b.sql", "CREATE TABLE public.b ();");
            await bench.UpAsync();
            Assert.Equal(2, await bench.CountAsync("public._sqlx_migrations"));
        }
        finally
        {
            await bench.Database.ExecuteAsync($"DROP SCHEMA \"{bench.Database.UserName}\" CASCADE", CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_table_name_and_schemas_of_sqlx_toml_are_honoured()
    {
        await using var bench = await Workbench.CreateAsync();
        await File.WriteAllTextAsync(
            Path.Combine(bench.Folder.Path, "sqlx.toml"),
            "[migrate]\ntable-name = \"app.\\\"My History\\\"\"\ncreate-schemas = [\"app\", \"audit\"]\nignored-chars = [\"\\r\"]\n",
            Workbench.Token);
        bench.Folder.Add("1_a.sql", "CREATE TABLE app.a ();\r\n");
        await bench.UpAsync();
        Assert.Equal(1, await bench.CountAsync("app.\"My History\""));
        Assert.Equal(1, await bench.CountAsync("pg_namespace WHERE nspname = 'audit'"));
        bench.Folder.Add("1_a.sql", "CREATE TABLE app.a ();\n");
        Assert.Equal([MigrationState.Applied], (await bench.StatusAsync()).Select(s => s.State));
    }

    [Fact]
    public async Task Something_else_under_that_name_is_refused()
    {
        await using var bench = await Workbench.CreateAsync();
        bench.Folder.Add("1_a.sql", "SELECT 1;");
        await bench.Database.ExecuteAsync("CREATE TABLE _sqlx_migrations (version bigint, applied boolean)", Workbench.Token);
        var error = await bench.FailsAsync(MigrationErrorCode.HistoryInvalid);
        Assert.Contains("checksum bytea", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_that_somebody_added_do_no_harm()
    {
        await using var bench = await Workbench.CreateAsync();
        bench.Folder.Add("1_a.sql", "SELECT 1;");
        await bench.UpAsync();
        await bench.Database.ExecuteAsync("ALTER TABLE _sqlx_migrations ADD COLUMN who text", Workbench.Token);
        bench.Folder.Add("2_b.sql", "SELECT 1;");
        await bench.UpAsync();
        Assert.Equal("1:ok 2:ok", await bench.HistoryAsync());
    }
}
