namespace VividShift.Migrations.Engine.Tests.Seeding;

/// <summary>CSV and JSON: rows into a table, again and again with the same result.</summary>
public sealed class RowSeedTests
{
    const string Users = "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, note text, born date)";

    [Fact]
    public async Task Rows_are_inserted_then_updated_then_left_alone()
    {
        await using var fixture = await SeedFixture.CreateAsync(Users);
        fixture.Folder.Add("seeds/common/010_users.csv", "id,name,note,born\n1,ann,,2000-01-31\n2,\"bob, the\n\"\"second\"\"\",\"\",\n");

        Assert.Equal(["common/010_users.csv Seeded public.users 2+0~0"], await fixture.SeedAsync());
        // An empty field is NULL, an empty field in quotes an empty text: as COPY has it.
        Assert.Equal(
            "1|ann|NULL|2000-01-31\n2|bob, the\n\"second\"||NULL", await fixture.AskAsync("SELECT id, name, note, born::text FROM users ORDER BY id"));
        Assert.Equal(["common/010_users.csv Unchanged"], await fixture.SeedAsync());

        fixture.Folder.Add("seeds/common/010_users.csv", "id,name\n1,anna\n2,\"bob, the\n\"\"second\"\"\"\n3,cy\n");
        Assert.Equal(["common/010_users.csv Seeded public.users 1+1~1"], await fixture.SeedAsync());
        Assert.Equal("1|anna|2000-01-31", await fixture.AskAsync("SELECT id, name, born::text FROM users WHERE id = 1"));
        Assert.Equal(["common/010_users.csv Seeded public.users 0+0~3"], await fixture.SeedAsync(SeedFixture.Request(force: true)));

        await fixture.Database.ExecuteAsync(
            "DELETE FROM users WHERE id = 2; UPDATE users SET name = 'x' WHERE id = 3; INSERT INTO users VALUES (9, 'mine')");
        Assert.Equal(["common/010_users.csv Seeded public.users 1+1~1"], await fixture.SeedAsync(SeedFixture.Request(force: true)));
        Assert.Equal("1,2,3,9", await fixture.AskAsync("SELECT string_agg(id::text, ',' ORDER BY id) FROM users"));
    }

    [Fact]
    public async Task Every_kind_of_type_arrives_from_CSV_and_from_JSON()
    {
        const string Schema = """
            CREATE TYPE mood AS ENUM ('sad', 'so so');
            CREATE DOMAIN positive AS int CHECK (value > 0);
            CREATE SCHEMA app;
            CREATE TABLE app.things (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, m mood, tags text[], grid int[][], doc jsonb, plain json, n numeric(6,2),
                at timestamptz, ok boolean, p positive, code varchar(3), bin bytea, u uuid, twice int GENERATED ALWAYS AS (id::int * 2) STORED,
                kept text DEFAULT 'default', docs jsonb[]);
            """;
        const string Json = """
            { "table": "app.things", "rows": [
                // comments are fine
                { "id": 7, "m": "so so", "tags": ["a b", "c,d", null, "q\"\\"], "grid": [[1, 2], [3, 4]], "doc": { "k": [1, "é"] }, "plain": "text",
                  "n": 12.5, "at": "2025-01-02T03:04:05+01:00", "ok": true, "p": 3, "code": "\t\\\n", "bin": "\\x00ff",
                  "u": "6f0c1f0e-3a3d-4f5d-9a55-9b8f1a6f7c21", "docs": [{ "a": "\"" }] },
                { "id": 8, "m": null, "tags": [], "grid": null, "doc": null, "plain": 1, "n": null, "at": null, "ok": false, "p": null, "code": "",
                  "bin": null, "u": null, "docs": null }, ] }
            """;
        const string Csv = """"
            id,m,tags,grid,doc,plain,n,at,ok,p,code,bin,u,docs
            7,so so,"{a b,""c,d"",NULL,""q\""\\""}","{{1,2},{3,4}}","{""k"": [1, ""é""]}","""text""",12.5,2025-01-02T03:04:05+01:00,true,3,"	\
            ",\x00ff,6f0c1f0e-3a3d-4f5d-9a55-9b8f1a6f7c21,"{""{\""a\"": \""\\\""\""}""}"
            8,,{},,,1,,,f,,"",,,
            """";
        await using var fixture = await SeedFixture.CreateAsync(Schema);
        fixture.Folder.Add("seeds/dev/1_x.json", Json);
        Assert.Equal(["dev/1_x.json Seeded app.things 2+0~0"], await fixture.SeedAsync());
        var fromJson = await fixture.AskAsync("SELECT t::text FROM app.things t ORDER BY id");
        Assert.Contains("\"so so\"", fromJson, StringComparison.Ordinal);
        Assert.Contains("default", fromJson, StringComparison.Ordinal);

        fixture.Folder.Remove("seeds/dev/1_x.json");
        fixture.Folder.Add("seeds/dev/2_app.things.csv", Csv.ReplaceLineEndings("\n"));
        Assert.Equal(["dev/2_app.things.csv Seeded app.things 0+0~2"], await fixture.SeedAsync());
        await fixture.Database.ExecuteAsync("DELETE FROM app.things");
        Assert.Equal(["dev/2_app.things.csv Seeded app.things 2+0~0"], await fixture.SeedAsync(SeedFixture.Request(force: true)));
        Assert.Equal(fromJson, await fixture.AskAsync("SELECT t::text FROM app.things t ORDER BY id"));

        // The sequence stands behind what was brought along.
        Assert.Equal("9", await fixture.AskAsync("INSERT INTO app.things (ok) VALUES (true) RETURNING id"));
    }

    [Theory]
    [InlineData("010_people.csv", "# key: mail, area\n# a remark\nmail,area,name\na@b,1,x\n")]
    [InlineData("010_people.json", "{ \"key\": [\"mail\", \"area\"], \"rows\": [{ \"mail\": \"a@b\", \"area\": 1, \"name\": \"x\" }] }")]
    public async Task A_key_may_be_any_columns(string name, string text)
    {
        await using var fixture = await SeedFixture.CreateAsync(
            "CREATE TABLE people (id serial PRIMARY KEY, mail text, area int, name text); INSERT INTO people (mail, area, name) VALUES ('a@b', 1, 'old'), ('a@b', 2, 'other')");
        fixture.Folder.Add("seeds/common/" + name, text);

        Assert.Equal([$"common/{name} Seeded public.people 0+1~0"], await fixture.SeedAsync());
        Assert.Equal("x,other", await fixture.AskAsync("SELECT string_agg(name, ',' ORDER BY id) FROM people"));
    }

    [Fact]
    public async Task A_file_beside_it_and_unique_constraints_say_the_key_too()
    {
        await using var fixture = await SeedFixture.CreateAsync(
            "CREATE TABLE a (id serial PRIMARY KEY, mail text UNIQUE, name text); CREATE TABLE b (x int, y int)");
        fixture.Folder.Add("seeds/common/1_a.csv", "mail,name\nm,n\n");
        fixture.Folder.Add("seeds/common/2_other.csv", "x,y\n1,1\n");
        fixture.Folder.Add("seeds/common/2_other.seed.json", "{ \"table\": \"b\", \"key\": \"x\" }");
        Assert.Equal(["common/1_a.csv Seeded public.a 1+0~0", "common/2_other.csv Seeded public.b 1+0~0"], await fixture.SeedAsync());

        fixture.Folder.Add("seeds/common/1_a.csv", "mail,name\nm,n2\n");
        fixture.Folder.Add("seeds/common/2_other.seed.json", "{ \"table\": \"b\", \"key\": [\"x\", \"y\"] }");
        Assert.Equal(["common/1_a.csv Seeded public.a 0+1~0", "common/2_other.csv Seeded public.b 0+0~1"], await fixture.SeedAsync());
    }

    [Fact]
    public async Task Without_a_key_an_empty_table_is_filled_once()
    {
        await using var fixture = await SeedFixture.CreateAsync("CREATE TABLE logs (t text)");
        fixture.Folder.Add("seeds/common/logs.csv", "t\na\na\n");
        Assert.Equal(["common/logs.csv Seeded public.logs 2+0~0"], await fixture.SeedAsync());

        var error = await fixture.FailsAsync(request: SeedFixture.Request(force: true));
        Assert.Contains("# key: column", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("2", await fixture.AskAsync("SELECT count(*) FROM logs"));
    }

    [Theory]
    [InlineData("id,name,born\n1,a,2000-01-01\n2,b,tomorow\n", 3, "invalid input syntax for type date: \"tomorow\"", "column born")]
    [InlineData("# key: id\nid,name\n1,\"a\nb\"\nx,c\n", 5, "invalid input syntax for type integer: \"x\"", "column id")]
    [InlineData("id,name\r\n1,\"a\nb\r\nc\"\r\n2,\"\n\"\r\nx,c\r\n", 7, "invalid input syntax for type integer: \"x\"", "column id")]
    [InlineData("id,name\n1,\"a\r\nb\"\nx,\"c\nd\"\n", 4, "invalid input syntax for type integer: \"x\"", "column id")]
    [InlineData("id,name\n1,a\n2\n", 3, "missing data for column \"name\"", "")]
    [InlineData("id,name\n1,a\n2,b,c\n", 3, "extra data after last expected column", "")]
    [InlineData("id,name\n1,\"a\nb\"\n2,\"\n\nc\"\n3,\n4,d\n", 7, "null value in column \"name\"", "column name")]
    [InlineData("id,name\n1,a\n2,b\n1,c\n", 4, "The row has the key (id) of line 2.", "")]
    [InlineData("id,name\n1,\"a\nb\"\n,b\n", 4, "The row has no value for its key (id).", "")]
    [InlineData("id,name\n1,a\n\\.\n2,b\n", 3, "", "")]
    [InlineData("id,name\n1,bad\n", 2, "violates check constraint", "")]
    public async Task What_is_refused_is_told_with_its_line_and_nothing_is_written(string text, int line, string said, string column)
    {
        await using var fixture = await SeedFixture.CreateAsync(
            Users + "; ALTER TABLE users ADD CHECK (name <> 'bad'); INSERT INTO users VALUES (1, 'before')");
        var path = fixture.Folder.Add("seeds/common/1_users.csv", text);

        var error = await fixture.FailsAsync();

        Assert.StartsWith(FormattableString.Invariant($"{path}:{line}: "), error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.Location!.Line);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains(column, error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing of common/1_users.csv was written.", error.Message, StringComparison.Ordinal);
        Assert.Equal("1|before", await fixture.AskAsync("SELECT id, name FROM users"));
        Assert.Equal("0", await fixture.AskAsync("SELECT count(*) FROM vividshift.seed_history"));
    }

    [Fact]
    public async Task A_deferred_foreign_key_is_told_with_its_line_and_a_parent_may_come_later()
    {
        await using var fixture = await SeedFixture.CreateAsync(
            "CREATE TABLE tree (id int PRIMARY KEY, parent int REFERENCES tree DEFERRABLE INITIALLY DEFERRED)");
        fixture.Folder.Add("seeds/common/1_tree.csv", "id,parent\n1,2\n2,\n3,1\n");
        Assert.Equal(["common/1_tree.csv Seeded public.tree 3+0~0"], await fixture.SeedAsync());

        fixture.Folder.Add("seeds/common/1_tree.csv", "id,parent\n1,2\n2,\n3,1\n4,77\n5,1\n");
        var error = await fixture.FailsAsync();
        Assert.Equal(5, error.Location!.Line);
        Assert.Contains("(77)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "{ \"rows\": [\n { \"id\": 1, \"name\": \"a\" },\n { \"id\": \"x\", \"name\": \"b\" } ] }",
        3,
        "invalid input syntax for type integer")]
    [InlineData("[\n { \"id\": 1, \"name\": \"a\" },\n\n { \"id\": 2 } ]", 4, "does not say 'name'")]
    [InlineData("[\n { \"id\": 1 },\n { \"id\": 2, \"name\": \"b\" } ]", 3, "which the first row does not say")]
    [InlineData("[\n { \"id\": 1, \"name\": {} } ]", 2, "cannot go into the column name of type text")]
    [InlineData("[\n { \"id\": 1, \"id\": 2 } ]", 2, "twice")]
    [InlineData("[\n 1 ]", 2, "must be an object")]
    [InlineData("[\n { \"id\": 1, } ", 3, "not valid JSON")]
    [InlineData("{\n \"rws\": [] }", 2, "no setting 'rws'")]
    [InlineData("{\n \"table\": \"users\" }", 1, "no 'rows'")]
    [InlineData("[\n { \"id\": 1, \"nam\": \"a\" } ]", 0, "Did you mean 'name'?")]
    public async Task JSON_is_told_with_its_line(string text, int line, string said)
    {
        await using var fixture = await SeedFixture.CreateAsync(Users);
        fixture.Folder.Add("seeds/common/1_users.json", text.Replace("} \n", "}\n", StringComparison.Ordinal)
            + (line == 3 && said.StartsWith("not", StringComparison.Ordinal) ? "\n" : ""));

        var error = await fixture.FailsAsync();

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal(line, error.Location?.Line ?? 0);
        Assert.Equal("0", await fixture.AskAsync("SELECT count(*) FROM users"));
    }

    [Theory]
    [InlineData("id,nam\n1,a\n", "Did you mean 'name'?")]
    [InlineData("id,name,id\n1,a,1\n", "named twice")]
    [InlineData("# key: mail\nid,name\n1,a\n", "no column of the file")]
    [InlineData("", "no header")]
    [InlineData("id,,name\n", "has no name")]
    [InlineData("# table: userz\nid\n", "There is no table userz.")]
    public async Task A_header_that_cannot_be_used_is_told(string text, string said)
    {
        await using var fixture = await SeedFixture.CreateAsync(Users);
        fixture.Folder.Add("seeds/common/1_users.csv", text);

        Assert.Contains(said, (await fixture.FailsAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_told_with_their_line_and_a_byte_order_mark_is_fine()
    {
        await using var fixture = await SeedFixture.CreateAsync(Users);
        fixture.Folder.Add("seeds/common/1_users.csv", "\uFEFFid,name\r\n1,é\r\n");
        Assert.Equal(["common/1_users.csv Seeded public.users 1+0~0"], await fixture.SeedAsync());

        fixture.Folder.Add("seeds/common/1_users.csv", [.. "id,name\n1,a\n2,"u8, 0xE9, .. "\n3,c\n"u8]);
        Assert.Equal(3, (await fixture.FailsAsync()).Location!.Line);
    }

    [Fact]
    public async Task A_value_that_is_a_whole_book_does_not_flood()
    {
        await using var fixture = await SeedFixture.CreateAsync(Users);
        fixture.Folder.Add("seeds/common/1_users.csv", $"id,name\n{new string('9', 100_000)},a\n");

        var error = await fixture.FailsAsync();

        Assert.Equal(2, error.Location!.Line);
        Assert.InRange(error.Message.Length, 10, 1500);
    }
}
