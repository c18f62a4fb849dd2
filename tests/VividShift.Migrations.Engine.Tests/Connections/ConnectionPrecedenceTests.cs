using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Tests.Configuration;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Tests.Connections;

public sealed class ConnectionPrecedenceTests
{
    const string Parameter = "-ConnectionString";
    const string Server = "-Server";

    // In their order, the strongest first. Each names a host of its own.
    static readonly string[] Sources =
    [
        Parameter, Server, "VIVIDSHIFT_DATABASE_URL", "DATABASE_URL", "VIVIDSHIFT__SERVER", "vividshift.dev.json:1",
        "vividshift.json:1", "PGHOST",
    ];

    public static IEnumerable<object[]> Pairs =>
        from strong in Enumerable.Range(0, Sources.Length)
        from weak in Enumerable.Range(strong + 1, Sources.Length - strong - 1)
        select new object[] { strong, weak };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task The_stronger_source_wins(int strong, int weak)
    {
        using var project = new Project();
        var request = Set(project, strong, weak);

        var resolved = await project.ResolveAsync(request);

        Assert.Equal(HostOf(strong), resolved.Target.Host);
        Assert.Equal(Sources[strong], resolved.Source);
        Assert.Contains(Sources[strong], Assert.Single(project.Observer.Told<VerboseMessage>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environments_DATABASE_URL_goes_before_the_files()
    {
        using var project = new Project();
        project.Add(".env", "# c\nDATABASE_URL=postgresql://file/d\nVIVIDSHIFT_DATABASE_URL=\n");
        Assert.Equal(("file", "DATABASE_URL (.env:2)"), await HostAndSourceAsync(project));

        project.Variables["DATABASE_URL"] = "postgresql://real/d";
        Assert.Equal(("real", "DATABASE_URL"), await HostAndSourceAsync(project));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task Database_and_credential_overlay_every_source(int source)
    {
        using var project = new Project();
        var request = Set(project, source, source, database: "other", userName: "ann", password: "hers");

        var resolved = await project.ResolveAsync(request);

        Assert.Equal(new DatabaseTarget(HostOf(source), 5432, "other", "ann"), resolved.Target);
        Assert.Equal("hers", resolved.Settings.Password);
        Assert.Equal("-Credential", resolved.CredentialSource);
    }

    [Fact]
    public async Task Another_users_password_is_not_used_for_the_one_of_Credential()
    {
        using var project = new Project();

        var resolved = await project.ResolveAsync(project.Request("postgresql://bob:his@h/d", userName: "ann"));

        Assert.Equal(("ann", (string?)null), (resolved.Settings.Username, resolved.Settings.Password));
    }

    [Fact]
    public async Task Libpqs_variables_fill_in_what_the_source_leaves_open()
    {
        using var project = new Project();
        foreach (var (name, value) in new[]
        {
            ("PGHOST", "pg"), ("PGPORT", "5999"), ("PGUSER", "ann"), ("PGPASSWORD", "hers"), ("PGDATABASE", "shop"),
            ("PGSSLMODE", "require"), ("PGOPTIONS", "-c lock_timeout=5s"), ("PGPASSFILE", "/p"), ("PGCONNECT_TIMEOUT", "3"),
        })
        {
            project.Variables[name] = value;
        }

        var resolved = await project.ResolveAsync(project.Request("postgresql://bob@h"));

        Assert.Equal(new DatabaseTarget("h", 5999, "shop", "bob"), resolved.Target);
        Assert.Equal(("hers", "/p", 3), (resolved.Settings.Password, resolved.Settings.Passfile, resolved.Settings.Timeout));
        Assert.Equal(Npgsql.SslMode.Require, resolved.Settings.SslMode);
        Assert.StartsWith("-c lock_timeout=5s ", resolved.Settings.Options, StringComparison.Ordinal);
        Assert.Equal("-ConnectionString (user) and PGPASSWORD (password)", resolved.CredentialSource);
    }

    [Fact]
    public async Task A_server_parameter_means_the_usual_port_and_may_hold_another()
    {
        using var project = new Project();
        project.Variables["PGPORT"] = "5999";

        Assert.Equal(5432, (await project.ResolveAsync(project.Request(server: "h"))).Target.Port);
        Assert.Equal(6000, (await project.ResolveAsync(project.Request(server: "h:6000"))).Target.Port);
        Assert.Equal(6001, (await project.ResolveAsync(project.Request(server: "h", port: 6001))).Target.Port);
        Assert.Equal("localhost", (await project.ResolveAsync(project.Request(port: 6001))).Target.Host);
    }

    [Fact]
    public async Task Without_names_the_role_is_the_users_and_the_database_the_roles()
    {
        using var project = new Project();

        var named = await project.ResolveAsync(project.Request("postgresql://ann@h"));
        Assert.Equal(new DatabaseTarget("h", 5432, "ann", "ann"), named.Target);
        var unnamed = await project.ResolveAsync(project.Request(database: "shop"));
        Assert.Equal(new DatabaseTarget("localhost", 5432, "shop", Environment.UserName), unnamed.Target);
    }

    [Fact]
    public async Task A_stronger_files_connection_string_replaces_a_weaker_files_parts()
    {
        using var project = new Project();
        project.Add("vividshift.json", "{ \"server\": \"base\", \"port\": 1, \"database\": \"d\", \"username\": \"u\" }");
        project.Add("vividshift.dev.json", "{ \"connectionString\": \"postgresql://ann@dev/e\" }");
        project.Variables["VIVIDSHIFT__PASSWORD"] = "secret";

        var resolved = await project.ResolveAsync();

        Assert.Equal(new DatabaseTarget("dev", 5432, "e", "ann"), resolved.Target);
        Assert.Equal("secret", resolved.Settings.Password);
    }

    [Fact]
    public async Task The_sandbox_goes_before_everything_and_libpqs_variables_leave_it_alone()
    {
        using var project = new Project();
        project.Variables["PGSSLMODE"] = "verify-full";
        project.Variables["DATABASE_URL"] = "postgresql://h/d";

        var resolved = await project.ResolveAsync(project.Request(sandbox: true, database: "other"));

        Assert.Equal(new DatabaseTarget("127.0.0.1", 5999, "other", "owner"), resolved.Target);
        Assert.Equal("-Sandbox", resolved.Source);
        Assert.NotEqual(Npgsql.SslMode.VerifyFull, resolved.Settings.SslMode);
    }

    [Fact]
    public async Task Nothing_configured_tells_every_way()
    {
        using var project = new Project();
        project.Variables["PGPASSWORD"] = "alone";

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => project.ResolveAsync());

        Assert.Equal(MigrationErrorCode.ConfigurationInvalid, refusal.Code);
        string[] ways =
            ["-ConnectionString", "-Server", "VIVIDSHIFT_DATABASE_URL", "DATABASE_URL", ".env", "vividshift.json", "PGHOST", "-Sandbox"];
        foreach (var way in ways)
        {
            Assert.Contains(way, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_environment_that_a_variable_overrules_raises_a_caution()
    {
        using var project = new Project();
        project.Add("vividshift.staging.json", "{ \"server\": \"stage\" }");
        project.Variables["DATABASE_URL"] = "postgresql://h/d";

        await project.ResolveAsync();
        Assert.Empty(project.Observer.Told<WarningRaised>());
        await project.ResolveAsync(project.Request(environment: "staging"));
        var warning = Assert.Single(project.Observer.Told<WarningRaised>()).Message;
        Assert.Contains("DATABASE_URL", warning, StringComparison.Ordinal);
        Assert.Contains("vividshift.staging.json:1", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PGPORT", "0")]
    [InlineData("PGSSLMODE", "maybe")]
    [InlineData("PGCONNECT_TIMEOUT", "soon")]
    public async Task A_libpq_variable_that_cannot_be_used_is_named(string name, string value)
    {
        using var project = new Project();
        project.Variables[name] = value;

        var refusal = await Assert.ThrowsAsync<MigrationException>(() => project.ResolveAsync(project.Request("postgresql://h/d")));

        Assert.Equal(MigrationErrorCode.ConfigurationInvalid, refusal.Code);
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
    }

    static string HostOf(int source) => $"host{source}";

    static async Task<(string, string)> HostAndSourceAsync(Project project)
    {
        var resolved = await project.ResolveAsync();
        return (resolved.Target.Host, resolved.Source);
    }

    static DatabaseRequest Set(
        Project project, int first, int second, string? database = null, string? userName = null, string? password = null)
    {
        string? connectionString = null;
        string? server = null;
        foreach (var source in new[] { first, second }.Distinct())
        {
            var host = HostOf(source);
            switch (Sources[source])
            {
                case Parameter:
                    connectionString = $"Host={host};Database=d";
                    break;
                case Server:
                    server = host;
                    break;
                case var name when name.EndsWith(".json:1", StringComparison.Ordinal):
                    project.Add(name[..^2], $"{{ \"server\": \"{host}\" }}");
                    break;
                case var name:
                    project.Variables[name] = name.EndsWith("URL", StringComparison.Ordinal) ? $"postgresql://{host}/d" : host;
                    break;
            }
        }

        return project.Request(connectionString, server, database: database, userName: userName, password: password);
    }
}
