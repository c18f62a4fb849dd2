using Npgsql;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Connections;

public sealed class SqlErrorsTests
{
    static readonly DatabaseTarget Target = new("h", 5432, "d", "ann");

    [Theory]
    [InlineData("SELECT 1/0", MigrationErrorCode.DatabaseError, "22012")]
    [InlineData("SELEC 1", MigrationErrorCode.DatabaseError, "42601")]
    [InlineData("SELECT $1", MigrationErrorCode.DatabaseError, "08P01")]
    [InlineData("DO $$ BEGIN RAISE insufficient_privilege; END $$", MigrationErrorCode.PermissionDenied, "42501")]
    [InlineData("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '57P05'; END $$", MigrationErrorCode.ConnectionLost, "57P05")]
    [InlineData("SELECT pg_terminate_backend(pg_backend_pid())", MigrationErrorCode.ConnectionLost, "57P01")]
    public async Task What_the_server_says_gets_a_code_and_keeps_its_details(string sql, MigrationErrorCode code, string sqlState)
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var session = await SessionTests.OpenAsync(database.ConnectionString, SessionPurpose.Write);

        var translated = Assert.IsType<MigrationException>(await FailAsync(session, sql, TestContext.Current.CancellationToken));

        Assert.Equal(code, translated.Code);
        Assert.Equal(sqlState, translated.Sql!.SqlState);
        Assert.Equal(sql, translated.Sql.Statement);
        Assert.Equal(session.Target, translated.Target);
    }

    [Fact]
    public async Task Detail_hint_context_and_position_are_kept()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var session = await SessionTests.OpenAsync(database.ConnectionString, SessionPurpose.Write);

        var raised = Assert.IsType<MigrationException>(await FailAsync(
            session, "DO $$ BEGIN RAISE EXCEPTION 'm' USING DETAIL = 'd', HINT = 'h'; END $$", TestContext.Current.CancellationToken));
        Assert.Equal(("m", "d", "h"), (raised.Sql!.Message, raised.Sql.Detail, raised.Sql.Hint));
        Assert.Contains("RAISE", raised.Sql.Where, StringComparison.Ordinal);
        Assert.Contains("m (SQLSTATE P0001) DETAIL: d HINT: h", raised.Message, StringComparison.Ordinal);

        var misspelt = Assert.IsType<MigrationException>(
            await FailAsync(session, "SELECT '😀', nope", TestContext.Current.CancellationToken));
        Assert.Equal(13, misspelt.Sql!.Position);
    }

    [Fact]
    public async Task A_write_on_a_session_that_looks_is_a_read_only_server()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var session = await SessionTests.OpenAsync(database.ConnectionString, SessionPurpose.ReadOnly);

        var translated = Assert.IsType<MigrationException>(
            await FailAsync(session, "CREATE TABLE t ()", TestContext.Current.CancellationToken));

        Assert.Equal(MigrationErrorCode.ReadOnlyServer, translated.Code);
    }

    [Fact]
    public async Task Cancellation_of_ours_is_cancellation_and_of_others_is_an_error()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var session = await SessionTests.OpenAsync(database.ConnectionString, SessionPurpose.Write);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        var cancelled = await FailAsync(session, "SELECT pg_sleep(60)", stop.Token);
        Assert.IsAssignableFrom<OperationCanceledException>(cancelled);

        var byServer = Assert.IsType<MigrationException>(await FailAsync(
            session, "SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(5)", TestContext.Current.CancellationToken));
        Assert.Equal((MigrationErrorCode.DatabaseError, "57014"), (byServer.Code, byServer.Sql!.SqlState));
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_told_so_and_the_session_lives_on()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var session = await SessionTests.OpenAsync(database.ConnectionString + ";Command Timeout=1", SessionPurpose.Write);

        var translated = Assert.IsType<MigrationException>(
            await FailAsync(session, "SELECT pg_sleep(60)", TestContext.Current.CancellationToken));

        Assert.Contains("-CommandTimeoutSec", translated.RecommendedAction, StringComparison.Ordinal);
        await session.ResetAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_connection_that_breaks_under_a_statement_is_lost()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var session = await SessionTests.OpenAsync(database.ConnectionString, SessionPurpose.Write);
        await database.ExecuteAsync($"SELECT pg_terminate_backend({session.ProcessId})");

        var translated = Assert.IsType<MigrationException>(await FailAsync(session, "SELECT 1", TestContext.Current.CancellationToken));

        Assert.Equal(MigrationErrorCode.ConnectionLost, translated.Code);
        Assert.Contains("Get-VsMigrationStatus", translated.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Network_exceptions_are_losses_and_mistakes_of_ours_stay_what_they_are()
    {
        var lost = SqlErrors.Translate(new NpgsqlException("x", new IOException("gone")), Target, CancellationToken.None);
        Assert.Equal(MigrationErrorCode.ConnectionLost, Assert.IsType<MigrationException>(lost).Code);

        var mistake = new InvalidOperationException();
        Assert.Same(mistake, SqlErrors.Translate(mistake, Target, CancellationToken.None));
        Assert.False(SqlErrors.Covers(mistake));
    }

    static async Task<Exception> FailAsync(Session session, string sql, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception exception) when (SqlErrors.Covers(exception))
        {
            return SqlErrors.Translate(exception, session.Target, cancellationToken);
        }

        throw new InvalidOperationException("The statement did not fail.");
    }
}
