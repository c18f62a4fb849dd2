using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Tests.Configuration;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Connections;

public sealed class ConnectionErrorTests
{
    [Fact]
    public async Task A_wrong_password_names_the_source_of_the_credentials_and_not_the_password()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var role = await database.CreateRoleAsync();
        using var project = new Project();
        project.Add(".env", $"DATABASE_URL={role.Url.Replace(role.Password, "Kq7xWrong", StringComparison.Ordinal)}\n");

        var refusal = await RefusalAsync(project, project.Request());

        Assert.Equal(MigrationErrorCode.AuthenticationFailed, refusal.Code);
        Assert.Contains("DATABASE_URL (.env:1)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(role.Name, refusal.Message, StringComparison.Ordinal);
        Assert.Equal("28P01", refusal.Sql!.SqlState);
        Assert.DoesNotContain("Kq7xWrong", refusal.ToString() + project.Observer.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_password_is_asked_for()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var role = await database.CreateRoleAsync();
        using var project = new Project();
        // A password file of its own: the one of whoever runs the tests plays no part.
        project.Variables["PGPASSFILE"] = project.Add("none", "");

        var refusal = await RefusalAsync(
            project, project.Request(server: database.Host, port: database.Port, database: database.Name, userName: role.Name));

        Assert.Equal(MigrationErrorCode.AuthenticationFailed, refusal.Code);
        Assert.Contains("PGPASSWORD", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_file_is_read()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var role = await database.CreateRoleAsync();
        using var project = new Project();
        project.Variables["PGPASSFILE"] = project.Add("pass", $"{database.Host}:{database.Port}:*:{role.Name}:{role.Password}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(project.Variables["PGPASSFILE"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        var resolved = await project.ResolveAsync(
            project.Request(server: database.Host, port: database.Port, database: database.Name, userName: role.Name));
        await using var session = await Session.OpenAsync(
            resolved, SessionPurpose.ReadOnly, project.Observer, TestContext.Current.CancellationToken);

        Assert.Equal(role.Name, session.Target.UserName);
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_named()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        using var project = new Project();

        var refusal = await RefusalAsync(project, project.Request(database.ConnectionString, database: "no_such_thing"));

        Assert.Equal(MigrationErrorCode.DatabaseMissing, refusal.Code);
        Assert.Contains("'no_such_thing'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("-CreateDatabase", refusal.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("no_such_thing", Assert.IsType<DatabaseTarget>(refusal.Target).Database);
    }

    [Theory]
    [InlineData(null, null, "vividshift.json:3")]
    [InlineData("prod", null, "vividshift.prod.json:2")]
    [InlineData("prod", "by_parameter", "-Database")]
    public async Task A_database_that_does_not_exist_is_told_by_what_named_it_and_not_by_what_named_the_host(
        string? environment, string? parameter, string source)
    {
        await using var server = new RefusingServer(("3D000", "no such database"));
        using var project = new Project();
        var port = new Uri(server.Url).Port.ToString(CultureInfo.InvariantCulture);
        project.Add("vividshift.json", $"{{\n \"server\": \"127.0.0.1:{port}\",\n \"database\": \"by_base\"\n}}");
        project.Add("vividshift.prod.json", "{\n \"database\": \"by_prod\"\n}");
        project.Add("vividshift.dev.json", "{}");

        var refusal = await RefusalAsync(project, project.Request(environment: environment, database: parameter));

        Assert.Equal(MigrationErrorCode.DatabaseMissing, refusal.Code);
        Assert.Contains($"(named by {source})", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_told_by_what_named_it()
    {
        using var project = new Project();
        project.Add("vividshift.json", "{\n \"connectionString\": \"postgresql://elsewhere/d\"\n}");
        project.Add("vividshift.dev.json", FormattableString.Invariant($"{{\n\n \"server\": \"127.0.0.1:{FreePort()}\" }}"));

        var refusal = await RefusalAsync(project, project.Request());

        Assert.Contains("vividshift.dev.json:3", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_where_nothing_listens_fails_at_once()
    {
        using var project = new Project();
        var clock = Stopwatch.StartNew();

        var refusal = await RefusalAsync(project, project.Request(server: "127.0.0.1", port: FreePort(), database: "d"));

        Assert.Equal(MigrationErrorCode.ConnectionFailed, refusal.Code);
        Assert.Contains("connection refused", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("-Server", refusal.Message, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"took {clock.Elapsed}");
    }

    [Fact]
    public async Task A_refused_connection_is_tried_again_for_as_long_as_configured()
    {
        using var project = new Project();
        project.Variables["VIVIDSHIFT__CONNECTRETRYSEC"] = "1";
        var clock = Stopwatch.StartNew();

        await RefusalAsync(project, project.Request(server: "127.0.0.1", port: FreePort(), database: "d"));

        Assert.True(clock.Elapsed >= TimeSpan.FromSeconds(1), $"gave up after {clock.Elapsed}");
        Assert.Contains(project.Observer.Told<VerboseMessage>(), step => step.Message.Contains("trying again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_host_is_told()
    {
        using var project = new Project();

        var refusal = await RefusalAsync(project, project.Request(server: "no-such-host.invalid", database: "d"));

        Assert.Equal(MigrationErrorCode.ConnectionFailed, refusal.Code);
        Assert.Contains("no-such-host.invalid:5432", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up_on_in_time()
    {
        using var project = new Project();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var refusal = await RefusalAsync(
            project, project.Request(FormattableString.Invariant($"postgresql://u:p@127.0.0.1:{port}/d?connect_timeout=1")));

        Assert.Equal(MigrationErrorCode.ConnectionFailed, refusal.Code);
        Assert.Contains("no answer within 1 s", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connecting_can_be_cancelled()
    {
        using var project = new Project();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var resolved = await project.ResolveAsync(project.Request(server: "127.0.0.1", port: port, database: "d"));
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Session.OpenAsync(resolved, SessionPurpose.ReadOnly, project.Observer, stop.Token));
    }

    [Fact]
    public async Task A_role_without_a_connection_left_is_told_what_to_do()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var role = await database.CreateRoleAsync("ALTER ROLE {role} CONNECTION LIMIT 0");
        using var project = new Project();

        var refusal = await RefusalAsync(project, project.Request(role.ConnectionString));

        Assert.Equal(MigrationErrorCode.ConnectionFailed, refusal.Code);
        Assert.Equal("53300", refusal.Sql!.SqlState);
        Assert.Contains("CONNECTION LIMIT", refusal.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_not_connect_is_told_the_grant()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync($"REVOKE CONNECT ON DATABASE \"{database.Name}\" FROM PUBLIC");
        await using var role = await database.CreateRoleAsync();
        using var project = new Project();

        var refusal = await RefusalAsync(project, project.Request(role.ConnectionString));

        Assert.Equal(MigrationErrorCode.PermissionDenied, refusal.Code);
        Assert.Contains("GRANT CONNECT ON DATABASE", refusal.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_TLS_is_refused_when_the_mode_requires_it()
    {
        await using var server = new RefusingServer(("3D000", "no such database"));
        using var project = new Project();

        var refusal = await RefusalAsync(project, project.Request(server.Url + "?sslmode=require"));

        Assert.Equal(MigrationErrorCode.ConnectionFailed, refusal.Code);
        Assert.Contains("SSL", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(";SSL Mode=Disable;SSL Negotiation=Direct", MigrationErrorCode.ConfigurationInvalid)]
    [InlineData(";Minimum Pool Size=5;Maximum Pool Size=1", MigrationErrorCode.DatabaseMissing)]
    [InlineData(";Password=x;Passfile=/none;SSL Mode=Require;Root Certificate=/no/such/file", MigrationErrorCode.ConnectionFailed)]
    public async Task Settings_that_cannot_go_together_are_an_error_of_ours_and_those_of_a_pool_do_not_matter(
        string settings, MigrationErrorCode code)
    {
        await using var server = new RefusingServer(("3D000", "no such database"));
        using var project = new Project();

        var refusal = await RefusalAsync(
            project, project.Request($"Host=127.0.0.1;Port={new Uri(server.Url).Port};Username=u;Database=d{settings}"));

        Assert.Equal(code, refusal.Code);
        Assert.Contains("-ConnectionString", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_choice_among_servers_means_nothing_where_there_is_one()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var session = await SessionTests.OpenAsync(
            database.ConnectionString + ";Target Session Attributes=read-only;Load Balance Hosts=true", SessionPurpose.Write);

        Assert.Equal(database.Name, session.Target.Database);
    }

    [Fact]
    public async Task A_server_that_is_starting_up_is_waited_for()
    {
        await using var server = new RefusingServer(
            ("57P03", "the database system is starting up"),
            ("57P03", "the database system is starting up"),
            ("3D000", "no such database"));
        using var project = new Project();

        var refusal = await RefusalAsync(project, project.Request(server.Url));

        Assert.Equal(MigrationErrorCode.DatabaseMissing, refusal.Code);
        Assert.Single(project.Observer.Told<VerboseMessage>(), step => step.Message.Contains("starting up", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("08P01", "unsupported startup parameter: options", MigrationErrorCode.PoolerUnsupported)]
    [InlineData("28000", "no pg_hba.conf entry for host", MigrationErrorCode.AuthenticationFailed)]
    [InlineData("XX000", "out of order", MigrationErrorCode.ConnectionFailed)]
    public async Task What_the_server_says_decides_the_error(string sqlState, string message, MigrationErrorCode code)
    {
        await using var server = new RefusingServer((sqlState, message));
        using var project = new Project();

        var refusal = await RefusalAsync(project, project.Request(server.Url));

        Assert.Equal((code, sqlState), (refusal.Code, refusal.Sql!.SqlState));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    static async Task<MigrationException> RefusalAsync(Project project, DatabaseRequest request)
    {
        var resolved = await project.ResolveAsync(request);
        var refusal = await Assert.ThrowsAsync<MigrationException>(
            () => Session.OpenAsync(resolved, SessionPurpose.ReadOnly, project.Observer, TestContext.Current.CancellationToken));
        Assert.Contains("Nothing was changed.", refusal.Message, StringComparison.Ordinal);
        return refusal;
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
