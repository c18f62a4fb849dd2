using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Connections;

public sealed class PoolerTests
{
    [Fact]
    public async Task A_pooler_that_drops_the_options_of_a_session_that_looks_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var pooler = new ForgetfulPooler(database);

        var error = await Assert.ThrowsAsync<MigrationException>(() => SessionTests.OpenAsync(pooler.ConnectionString, SessionPurpose.ReadOnly));

        Assert.Equal(MigrationErrorCode.PoolerUnsupported, error.Code);
        Assert.Contains("would not keep this session from writing", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Options=-c search_path=app")]
    [InlineData("Options=-c statement_timeout=5s")]
    public async Task A_pooler_that_drops_what_the_connection_asks_for_is_refused(string option)
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var pooler = new ForgetfulPooler(database);

        var error = await Assert.ThrowsAsync<MigrationException>(
            () => SessionTests.OpenAsync($"{pooler.ConnectionString};{option}", SessionPurpose.Write));

        Assert.Equal(MigrationErrorCode.PoolerUnsupported, error.Code);
        Assert.Contains("options that the connection names would not hold", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_cannot_write_although_the_options_were_dropped()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var pooler = new ForgetfulPooler(database);
        await database.ExecuteAsync("CREATE SEQUENCE numbers");
        await using var session = await SessionTests.OpenAsync(pooler.ConnectionString, SessionPurpose.Write);

        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(
            () => session.ScalarAsync<long>("SELECT nextval('public.numbers')", TestContext.Current.CancellationToken));

        Assert.Equal("25006", refused.SqlState);
    }
}
