namespace VividShift.Migrations.Engine.Tests.Seeding;

public class SeedHistoryTests
{
    [Fact]
    public async Task A_record_that_is_no_table_is_not_read()
    {
        await using var fixture = await SeedFixture.CreateAsync(
            """
            CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE witness (who text); CREATE SCHEMA vividshift;
            CREATE FUNCTION public.evil() RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.witness VALUES (current_user); RETURN 'x'; END $$;
            CREATE VIEW vividshift.seed_history AS SELECT public.evil() AS name, 'h'::text AS hash;
            """);
        fixture.Folder.Add("seeds/001_t.csv", "id\n1\n");

        var error = await fixture.FailsAsync(MigrationErrorCode.HistoryInvalid);

        Assert.Contains("vividshift.seed_history", error.Message, StringComparison.Ordinal);
        Assert.Equal("0|0", await fixture.AskAsync("SELECT (SELECT count(*) FROM witness), (SELECT count(*) FROM t)"));
    }

    [Fact]
    public async Task A_record_of_a_stranger_is_not_written_to()
    {
        await using var fixture = await SeedFixture.CreateAsync("CREATE TABLE t (id int PRIMARY KEY)");
        await using var stranger = await fixture.Database.CreateRoleAsync();
        fixture.Folder.Add("seeds/001_t.csv", "id\n1\n");
        await fixture.SeedAsync();
        await fixture.Database.ExecuteAsync($"ALTER TABLE vividshift.seed_history OWNER TO \"{stranger.Name}\"", SeedFixture.Token);
        fixture.Folder.Add("seeds/001_t.csv", "id\n1\n2\n");

        var error = await fixture.FailsAsync(MigrationErrorCode.OwnerUntrusted);

        Assert.Contains(stranger.Name, error.Message, StringComparison.Ordinal);
        Assert.Equal("1", await fixture.AskAsync("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_trigger_that_swallows_the_record_takes_the_rows_back()
    {
        await using var fixture = await SeedFixture.CreateAsync("CREATE TABLE t (id int PRIMARY KEY)");
        fixture.Folder.Add("seeds/001_t.csv", "id\n1\n");
        await fixture.SeedAsync();
        await fixture.Database.ExecuteAsync(
            """
            CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
            CREATE TRIGGER swallow BEFORE INSERT ON vividshift.seed_history FOR EACH ROW EXECUTE FUNCTION swallow();
            """, SeedFixture.Token);
        fixture.Folder.Add("seeds/001_t.csv", "id\n1\n2\n");

        await fixture.FailsAsync();

        Assert.Equal("1", await fixture.AskAsync("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_key_of_an_extensions_type_is_compared_as_its_unique_index_does()
    {
        await using var fixture = await SeedFixture.CreateAsync(
            "CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('sad', 'glad'); "
            + "CREATE TABLE t (mail citext, mood mood, tags text[], hits int, PRIMARY KEY (mail, mood, tags))");
        fixture.Folder.Add("seeds/001_t.csv", "mail,mood,tags,hits\nAda@x,glad,\"{a,b}\",1\n");
        await fixture.SeedAsync();
        fixture.Folder.Add("seeds/001_t.csv", "mail,mood,tags,hits\nada@X,glad,\"{a,b}\",2\n");

        Assert.Equal(["001_t.csv Seeded public.t 0+1~0"], await fixture.SeedAsync());

        Assert.Equal("Ada@x|2", await fixture.AskAsync("SELECT mail::text, hits FROM t"));
    }
}
