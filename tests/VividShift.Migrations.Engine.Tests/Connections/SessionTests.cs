using System.Diagnostics;
using Npgsql;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Tests.Configuration;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Connections;

public sealed class SessionTests
{
    [Fact]
    public async Task Every_session_looks_the_same_whatever_role_and_options_say()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync($"ALTER DATABASE \"{database.Name}\" SET TimeZone = 'Asia/Tokyo'");
        await database.ExecuteAsync($"ALTER DATABASE \"{database.Name}\" SET DateStyle = 'German'");
        await using var session = await OpenAsync(
            database.Url + "?options=-c%20DateStyle%3DSQL%20-c%20work_mem%3D5MB", SessionPurpose.Write);

        Assert.Equal("UTC", await ShowAsync(session, "TimeZone"));
        Assert.Equal("ISO, MDY", await ShowAsync(session, "DateStyle"));
        Assert.Equal("UTF8", await ShowAsync(session, "client_encoding"));
        Assert.Equal("2", await ShowAsync(session, "extra_float_digits"));
        Assert.Equal("VividShift.Migrations", await ShowAsync(session, "application_name"));
        Assert.Equal("5MB", await ShowAsync(session, "work_mem"));
        Assert.Equal("off", await ShowAsync(session, "default_transaction_read_only"));
        Assert.Equal((database.Name, database.Host, database.Port), (session.Target.Database, session.Target.Host, session.Target.Port));
        Assert.Equal(session.ProcessId, await ScalarAsync(session, "SELECT pg_backend_pid()"));
        Assert.Equal(database.Server.Major, session.ServerVersion.Major);
    }

    [Theory]
    [InlineData("CREATE TABLE t (id int)")]
    [InlineData("INSERT INTO kept VALUES (1)")]
    [InlineData("CREATE SCHEMA s")]
    [InlineData("SELECT nextval('numbers')")]
    public async Task The_server_itself_refuses_writes_of_a_session_that_looks(string sql)
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync("CREATE TABLE kept (id int); CREATE SEQUENCE numbers");
        await using var session = await OpenAsync(database.ConnectionString, SessionPurpose.ReadOnly);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(session, sql));

        Assert.Equal("25006", refused.SqlState);
        await session.ResetAsync(TestContext.Current.CancellationToken);
        refused = await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(session, sql));
        Assert.Equal("25006", refused.SqlState);
    }

    [Fact]
    public async Task Notices_go_to_the_observer_and_then_to_who_asks()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        var observer = new RecordingObserver();
        await using var session = await OpenAsync(database.ConnectionString, SessionPurpose.Write, observer);

        await ScalarAsync(session, "DO $$ BEGIN RAISE WARNING 'one' USING HINT = 'h', DETAIL = 'd', ERRCODE = '01234'; END $$");
        var heard = new List<Notice>();
        session.NoticeHandler = heard.Add;
        await ScalarAsync(session, "DO $$ BEGIN RAISE NOTICE 'two'; END $$");

        var first = Assert.Single(observer.Told<NoticeReceived>()).Notice;
        Assert.Equal(new Notice("WARNING", "one", "01234", null) { Detail = "d", Hint = "h" }, first);
        Assert.Equal(new Notice("NOTICE", "two", "00000", null), Assert.Single(heard));
    }

    [Fact]
    public async Task A_reset_clears_what_a_script_left_and_keeps_the_lock()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var role = await database.CreateRoleAsync();
        await using var session = await OpenAsync(database.ConnectionString + ";Search Path=public", SessionPurpose.Write);
        foreach (var statement in new[]
        {
            "SELECT pg_advisory_lock(42)", "CREATE TEMP TABLE left_behind (id int)", "SET search_path = ''", "SET lock_timeout = '1s'",
            "SET TimeZone = 'Asia/Tokyo'", "SET application_name = 'other'", "SET my.own = 'x'", "PREPARE p AS SELECT 1", "LISTEN c",
            "DECLARE cur CURSOR WITH HOLD FOR SELECT 1", "SET default_transaction_read_only = on", $"SET ROLE \"{role.Name}\"",
            $"SET SESSION AUTHORIZATION \"{role.Name}\"",
        })
        {
            await ScalarAsync(session, statement);
        }

        await session.ResetAsync(TestContext.Current.CancellationToken);

        Assert.Equal(database.UserName, await ScalarAsync(session, "SELECT session_user::text"));
        Assert.Equal(database.UserName, await ScalarAsync(session, "SELECT current_user::text"));
        Assert.Equal("public", await ShowAsync(session, "search_path"));
        Assert.Equal("0", await ShowAsync(session, "lock_timeout"));
        Assert.Equal("UTC", await ShowAsync(session, "TimeZone"));
        Assert.Equal("off", await ShowAsync(session, "default_transaction_read_only"));
        Assert.Equal("VividShift.Migrations", await ShowAsync(session, "application_name"));
        Assert.Equal("", await ScalarAsync(session, "SELECT coalesce(current_setting('my.own', true), '')"));
        Assert.Equal(0L, await ScalarAsync(session, "SELECT count(*) FROM pg_class WHERE relname = 'left_behind'"));
        Assert.Equal(0L, await ScalarAsync(session, "SELECT count(*) FROM pg_prepared_statements"));
        Assert.Equal(0L, await ScalarAsync(session, "SELECT count(*) FROM pg_cursors WHERE is_holdable"));
        Assert.Equal(0L, await ScalarAsync(session, "SELECT count(*) FROM pg_listening_channels()"));
        Assert.Equal(1L, await ScalarAsync(
            session, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"));
    }

    [Theory]
    [InlineData(nameof(SessionPurpose.ReadOnly))]
    [InlineData(nameof(SessionPurpose.Write))]
    [InlineData(nameof(SessionPurpose.Maintain))]
    public async Task A_session_outlives_the_limits_of_its_role_while_it_waits(string purpose)
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var role = await database.CreateRoleAsync();
        foreach (var limit in LimitsOf(database.Server.Major))
        {
            await database.ExecuteAsync($"ALTER ROLE \"{role.Name}\" SET {limit} = '500ms'");
        }

        await using var session = await OpenAsync(role.ConnectionString, Enum.Parse<SessionPurpose>(purpose));

        for (var i = 0; i < 2; i++)
        {
            await Task.Delay(700, TestContext.Current.CancellationToken);
            await session.BeginReadingAsync(null, TestContext.Current.CancellationToken);
            await Task.Delay(700, TestContext.Current.CancellationToken);
            Assert.Equal("", await session.ScalarAsync<string>("SELECT pg_sleep(0.7)::text", TestContext.Current.CancellationToken));
            await session.EndReadingAsync();
            await session.ResetAsync(TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("statement_timeout")]
    [InlineData("lock_timeout")]
    [InlineData("search_path")]
    [InlineData("row_security")]
    public async Task Reading_leaves_the_users_settings_as_they_are(string setting)
    {
        var values = new Dictionary<string, string>
        {
            ["statement_timeout"] = "7s", ["lock_timeout"] = "3s", ["search_path"] = "public, pg_catalog", ["row_security"] = "on",
        };
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync($"ALTER DATABASE \"{database.Name}\" SET {setting} = {(setting == "search_path" ? values[setting] : $"'{values[setting]}'")}");
        await using var session = await OpenAsync(database.ConnectionString, SessionPurpose.Write);

        var read = await session.ScalarAsync<string>($"SELECT current_setting('{setting}')", TestContext.Current.CancellationToken);

        Assert.NotEqual(values[setting], read);
        Assert.Equal(values[setting], await ShowAsync(session, setting));
        Assert.Equal("off", await ShowAsync(session, "transaction_read_only"));
        await session.ResetAsync(TestContext.Current.CancellationToken);
        Assert.Equal(values[setting], await ShowAsync(session, setting));
    }

    [Fact]
    public async Task What_is_read_cannot_write_even_in_a_session_that_may()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync("CREATE SEQUENCE numbers");
        await using var session = await OpenAsync(database.ConnectionString, SessionPurpose.Write);

        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => session.ScalarAsync<long>("SELECT nextval('public.numbers')", TestContext.Current.CancellationToken));

        Assert.Equal("25006", refused.SqlState);
        await session.ExecuteAsync("CREATE TABLE public.t ()", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Sessions_that_write_notice_a_client_that_is_gone()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        const string Sql = "SELECT coalesce(current_setting('client_connection_check_interval', true), 'unknown')";
        var isKnown = database.Server.Major >= 14 && (await database.ScalarAsync<string>("SELECT version()"))!.Contains("linux", StringComparison.Ordinal);
        var expected = isKnown ? "2s" : database.Server.Major >= 14 ? "0" : "unknown";
        await using var session = await OpenAsync(database.ConnectionString, SessionPurpose.Write);

        Assert.Equal(expected, await ScalarAsync(session, Sql));
        await session.ResetAsync(TestContext.Current.CancellationToken);
        Assert.Equal(expected, await ScalarAsync(session, Sql));
    }

    [Fact]
    public async Task Resetting_a_clean_session_is_silent()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        var observer = new RecordingObserver();
        await using var session = await OpenAsync(database.ConnectionString, SessionPurpose.Write, observer);

        await session.ResetAsync(TestContext.Current.CancellationToken);
        await session.ResetAsync(TestContext.Current.CancellationToken);

        Assert.Empty(observer.Events);
    }

    [Fact]
    public async Task Disposing_ends_the_servers_back_end()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        var session = await OpenAsync(database.ConnectionString, SessionPurpose.Write);
        var pid = session.ProcessId;
        await session.DisposeAsync();

        var clock = Stopwatch.StartNew();
        while (await database.ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE pid = {pid}") > 0)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), "the back end is still there");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task The_connection_does_not_tell_its_password()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var role = await database.CreateRoleAsync();
        await using var session = await OpenAsync(role.ConnectionString, SessionPurpose.Write);

        Assert.DoesNotContain(role.Password, session.Connection.ConnectionString, StringComparison.Ordinal);
    }

    internal static async Task<Session> OpenAsync(string connectionString, SessionPurpose purpose, RecordingObserver? observer = null)
    {
        using var project = new Project();
        var resolved = await project.ResolveAsync(project.Request(connectionString));
        return await Session.OpenAsync(resolved, purpose, observer ?? new RecordingObserver(), TestContext.Current.CancellationToken);
    }

    static async Task<object?> ScalarAsync(Session session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session.Connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    static IEnumerable<string> LimitsOf(int major)
    {
        yield return "statement_timeout";
        yield return "idle_in_transaction_session_timeout";
        if (major >= 14)
        {
            yield return "idle_session_timeout";
        }

        if (major >= 17)
        {
            yield return "transaction_timeout";
        }
    }

    static Task<object?> ShowAsync(Session session, string name) => ScalarAsync(session, "SHOW " + name);
}
