using VividShift.Migrations.History;

namespace VividShift.Migrations.Engine.Tests.History;

public class HistoryPlaceTests
{
    [Fact]
    public async Task The_table_is_where_sqlx_would_find_it_first_and_is_not_shadowed_later()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "CREATE TABLE a ();");
        await fixture.UpAsync();
        // A schema named after the role comes before public in the default search_path.
        await fixture.Database.ExecuteAsync($"CREATE SCHEMA \"{fixture.Database.UserName}\"", Workbench.Token);
        try
        {
            Assert.Equal([MigrationState.Applied], (await fixture.StatusAsync()).Select(s => s.State));
            fixture.Folder.Add("2_b.sql", "CREATE TABLE public.b ();");
            await fixture.UpAsync();
            Assert.Equal(2, await fixture.CountAsync("public._sqlx_migrations"));
        }
        finally
        {
            await fixture.Database.ExecuteAsync($"DROP SCHEMA \"{fixture.Database.UserName}\" CASCADE", CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_table_name_and_schemas_of_sqlx_toml_are_honoured()
    {
        await using var fixture = await Workbench.CreateAsync();
        await File.WriteAllTextAsync(
            Path.Combine(fixture.Folder.Path, "sqlx.toml"),
            "[migrate]\ntable-name = \"app.\\\"My History\\\"\"\ncreate-schemas = [\"app\", \"audit\"]\nignored-chars = [\"\\r\"]\n",
            Workbench.Token);
        fixture.Folder.Add("1_a.sql", "CREATE TABLE app.a ();\r\n");
        await fixture.UpAsync();
        Assert.Equal(1, await fixture.CountAsync("app.\"My History\""));
        Assert.Equal(1, await fixture.CountAsync("pg_namespace WHERE nspname = 'audit'"));
        fixture.Folder.Add("1_a.sql", "CREATE TABLE app.a ();\n");
        Assert.Equal([MigrationState.Applied], (await fixture.StatusAsync()).Select(s => s.State));
    }

    [Fact]
    public async Task Something_else_under_that_name_is_refused()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "SELECT 1;");
        await fixture.Database.ExecuteAsync("CREATE TABLE _sqlx_migrations (version bigint, applied boolean)", Workbench.Token);
        var error = await fixture.FailsAsync(MigrationErrorCode.HistoryInvalid);
        Assert.Contains("checksum bytea", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_that_somebody_added_do_no_harm()
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_a.sql", "SELECT 1;");
        await fixture.UpAsync();
        await fixture.Database.ExecuteAsync("ALTER TABLE _sqlx_migrations ADD COLUMN who text", Workbench.Token);
        fixture.Folder.Add("2_b.sql", "SELECT 1;");
        await fixture.UpAsync();
        Assert.Equal("1:ok 2:ok", await fixture.HistoryAsync());
    }
}
