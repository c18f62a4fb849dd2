namespace VividShift.Migrations.Engine.Tests.Configuration;

public sealed class SqlxTomlTests
{
    [Fact]
    public void Everything_that_concerns_us_is_read()
    {
        using var project = new Project();
        project.Add("sqlx.toml", """
            [common]
            database-url-var = "SHOP_URL"

            [migrate]
            table-name = "app._migrations"
            create-schemas = ["b", "a", "b"]
            migrations-dir = "db/sql"
            ignored-chars = ["\r", "\uFEFF"]

            [migrate.defaults]
            migration-type = "reversible"
            migration-versioning = "sequential"
            anything = true
            """);
        project.Variables["DATABASE_URL"] = "postgresql://wrong/wrong";
        project.Variables["SHOP_URL"] = "postgresql://right/shop";

        var read = project.Read();

        Assert.Equal("app._migrations", read.HistoryTable);
        Assert.Equal(["a", "b"], read.CreateSchemas);
        Assert.Equal([Path.Combine(project.Folder, "db", "sql")], read.MigrationFolders);
        Assert.Equal(["\r", "\uFEFF"], read.IgnoredCharacters);
        Assert.Equal("reversible", read.DefaultMigrationType);
        Assert.Equal("sequential", read.DefaultMigrationVersioning);
        Assert.Equal(("right", "SHOP_URL"), (project.Describe("server").Value, project.Describe("server").Source));
        Assert.Equal("sqlx.toml:5", project.Describe("migrate:table-name").Source);
        Assert.Equal(["U+000D", "U+FEFF"], project.Describe().Where(s => s.Name == "migrate:ignored-chars").Select(s => s.Value));
    }

    [Theory]
    [InlineData("migrate.table-name = 't'")]
    [InlineData("migrate = { table-name = 't' }")]
    [InlineData("[other]\nx = [ [1, 2], {a = 'b'} ]\n[[more]]\ny = 1\n[migrate]\ntable-name = '''t'''")]
    public void Every_way_to_write_a_key_is_the_same(string text)
    {
        using var project = new Project();
        project.Add("sqlx.toml", text);

        Assert.Equal("t", project.Read().HistoryTable);
    }

    [Theory]
    [InlineData("[migrate]\ntable-nam = 'a'", 2, "Did you mean 'table-name'?")]
    [InlineData("[migrate]\n\nzzz = 'a'", 3, "sqlx knows table-name")]
    [InlineData("[migrate]\ntable-name = 5", 2, "'table-name' must be a text")]
    [InlineData("[migrate]\ntable-name = ''", 2, "'table-name' must be a text")]
    [InlineData("[migrate]\ncreate-schemas = 'a'", 2, "'create-schemas' must be a list of texts")]
    [InlineData("[migrate]\ncreate-schemas = [1]", 2, "'create-schemas' must be a list of texts")]
    [InlineData("[migrate]\nignored-chars = ['ab']", 2, "single characters")]
    [InlineData("[migrate]\ndefaults.migration-type = 'odd'", 2, "inferred, simple or reversible")]
    [InlineData("[common]\ndatabase-url-var = true", 2, "'database-url-var' must be a text")]
    [InlineData("[migrate]\ntable-name = 'a'\ntable-name = 'b'", 3, "not valid TOML")]
    [InlineData("[migrate\ntable-name = 'a'", 1, "not valid TOML")]
    public void What_is_wrong_is_told_with_file_and_line(string text, int line, string expected)
    {
        using var project = new Project();
        var path = project.Add("sqlx.toml", text);

        var refusal = project.Refusal();

        Assert.Equal((path, line), (refusal.Location!.Path, refusal.Location.Line));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_of_the_json_file_go_before_those_of_sqlx()
    {
        using var project = new Project();
        project.Add("sqlx.toml", "[migrate]\nmigrations-dir = 'theirs'");
        Assert.Equal([Path.Combine(project.Folder, "theirs")], project.Read().MigrationFolders);

        project.Add("vividshift.json", "{ \"migrations\": [\"ours\", \"more\"] }");
        Assert.Equal([Path.Combine(project.Folder, "ours"), Path.Combine(project.Folder, "more")], project.Read().MigrationFolders);

        Assert.Equal(["/said"], project.Read(null, "/said").MigrationFolders);
    }

    [Fact]
    public void Without_any_file_the_defaults_are_those_of_sqlx()
    {
        using var project = new Project();
        var read = project.Read();

        Assert.Equal("_sqlx_migrations", read.HistoryTable);
        Assert.Equal([Path.Combine(project.Folder, "migrations")], read.MigrationFolders);
        Assert.Empty(read.IgnoredCharacters);
        Assert.Empty(read.CreateSchemas);
        Assert.Null(read.DefaultMigrationType);
    }
}
