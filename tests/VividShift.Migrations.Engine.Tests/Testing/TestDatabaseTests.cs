using Npgsql;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Testing;

public sealed class TestDatabaseTests
{
    public static IEnumerable<object[]> Majors => PostgresServer.MajorRows;

    [Fact]
    public async Task Two_databases_know_nothing_of_each_other()
    {
        await using var one = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var two = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await one.ExecuteAsync("CREATE TABLE thing (id int)");

        Assert.NotEqual(one.Name, two.Name);
        Assert.Equal("thing", await one.ScalarAsync<string>("SELECT to_regclass('thing')::text"));
        Assert.Null(await two.ScalarAsync<string>("SELECT to_regclass('thing')::text"));
    }

    [Fact]
    public async Task A_clone_holds_tables_and_rows_and_goes_its_own_way()
    {
        await using var origin = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await origin.ExecuteAsync("CREATE TABLE thing (id int); INSERT INTO thing VALUES (1), (2)");
        await using var clone = await origin.CloneAsync(TestContext.Current.CancellationToken);
        await clone.ExecuteAsync("DELETE FROM thing WHERE id = 1");

        Assert.Equal(1, await clone.ScalarAsync<long>("SELECT count(*) FROM thing"));
        Assert.Equal(2, await origin.ScalarAsync<long>("SELECT count(*) FROM thing"));
    }

    [Fact]
    public async Task Dumps_of_equal_schemas_are_equal_and_a_new_column_shows()
    {
        await using var origin = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await origin.ExecuteAsync("CREATE TABLE thing (id int)");
        await using var clone = await origin.CloneAsync(TestContext.Current.CancellationToken);

        var before = await clone.SchemaDumpAsync(TestContext.Current.CancellationToken);
        Assert.Equal(await origin.SchemaDumpAsync(TestContext.Current.CancellationToken), before);
        Assert.Contains("CREATE TABLE public.thing", before, StringComparison.Ordinal);
        await clone.ExecuteAsync("ALTER TABLE thing ADD name text");
        Assert.NotEqual(before, await clone.SchemaDumpAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_role_may_do_what_it_was_granted_and_no_more()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync("CREATE TABLE thing (id int)");
        await using var role = await database.CreateRoleAsync("GRANT SELECT ON thing TO {role}");
        await using var connection = new NpgsqlConnection(role.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);

        await using var read = new NpgsqlCommand("SELECT count(*) FROM thing", connection);
        Assert.Equal(0L, await read.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        await using var write = new NpgsqlCommand("INSERT INTO thing VALUES (1)", connection);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => write.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        Assert.Equal("42501", refused.SqlState);
    }

    [Fact]
    public async Task A_disposed_database_is_gone_although_a_session_is_open()
    {
        var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var left = await database.OpenAsync(TestContext.Current.CancellationToken);
        await database.DisposeAsync();

        await using var other = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await other.ScalarAsync<long>($"SELECT count(*) FROM pg_database WHERE datname = '{database.Name}'"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Every_major_offers_room_for_twenty_runners(int major)
    {
        var server = await PostgresServer.ForMajorAsync(major, TestContext.Current.CancellationToken);
        await using var database = await TestDatabase.CreateAsync(server, TestContext.Current.CancellationToken);

        var version = int.Parse((await database.ScalarAsync<string>("SHOW server_version_num"))!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(server.Major, version / 10000);
        var room = int.Parse((await database.ScalarAsync<string>("SHOW max_connections"))!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(room >= 60, $"only {room} connections");
    }
}
