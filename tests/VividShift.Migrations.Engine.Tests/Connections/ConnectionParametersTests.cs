using Npgsql;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.PgTools;
using VividShift.Migrations.Engine.Tests.Configuration;

namespace VividShift.Migrations.Engine.Tests.Connections;

/// <summary>Walks the table of connection parameters: whatever a row says must be true in every form that it names.</summary>
public sealed class ConnectionParametersTests
{
    // In libpq's words, and none of them the default. Of what Npgsql does not have: one value that does no harm.
    static readonly Dictionary<string, string> Samples = new(StringComparer.Ordinal)
    {
        ["host"] = "db.example", ["hostaddr"] = "192.0.2.7", ["port"] = "6432", ["dbname"] = "sh=op 'x\\", ["user"] = "ann@tenant",
        ["password"] = " p'a\\ss;w=or\"d ", ["passfile"] = "/some where/pass", ["application_name"] = "my app", ["options"] = "-c lock_timeout=5s",
        ["connect_timeout"] = "7", ["sslmode"] = "verify-full", ["sslrootcert"] = "/c/root.pem", ["sslcert"] = "/c/client.pem",
        ["sslkey"] = "/c/client.key", ["sslpassword"] = "k;e'y", ["sslnegotiation"] = "direct", ["channel_binding"] = "require",
        ["gssencmode"] = "disable", ["require_auth"] = "!password,!md5", ["krbsrvname"] = "pg", ["keepalives"] = "1", ["keepalives_idle"] = "30",
        ["keepalives_interval"] = "5", ["client_encoding"] = "UTF8", ["target_session_attrs"] = "read-write", ["load_balance_hosts"] = "disable",
        ["fallback_application_name"] = "x", ["keepalives_count"] = "3", ["tcp_user_timeout"] = "1000", ["statement-cache-capacity"] = "5",
        ["sslcompression"] = "0", ["sslsni"] = "1", ["sslcertmode"] = "allow", ["ssl_min_protocol_version"] = "TLSv1.2",
        ["ssl_max_protocol_version"] = "TLSv1.3", ["min_protocol_version"] = "3.0", ["max_protocol_version"] = "latest", ["gssdelegation"] = "0",
        ["gsslib"] = "gssapi", ["replication"] = "false",
    };

    // Refused whatever they say.
    static readonly string[] Unsupported =
    [
        "sslcrl", "sslcrldir", "requirepeer", "service", "servicefile", "sslkeylogfile", "scram_client_key", "scram_server_key", "oauth_issuer",
        "oauth_client_id", "oauth_client_secret", "oauth_scope", "search_path",
    ];

    public static IEnumerable<object[]> Names => ConnectionParameters.All.Select(parameter => new object[] { parameter.Name });

    [Theory]
    [MemberData(nameof(Names))]
    public void A_parameter_means_the_same_in_every_form_of_text(string name)
    {
        var parameter = ConnectionParameters.All.Single(row => row.Name == name);
        if (Unsupported.Contains(name, StringComparer.Ordinal))
        {
            AssertRefused(parameter);
            return;
        }

        var sample = Samples[name];
        var expected = new NpgsqlConnectionStringBuilder();
        Assert.True(parameter.TryWrite(expected, sample));
        Assert.Equal(parameter.Keyword is null ? null : sample, parameter.Read(expected));
        Assert.All(parameter.UrlNames, url => AssertSame(expected, $"postgresql:///?{url}={Uri.EscapeDataString(sample)}"));
        if (parameter.Libpq is { } keyword)
        {
            AssertSame(expected, $"{keyword} = {ConnectionPairs.Quote(sample)}");
        }

        if (parameter.Keyword is not null)
        {
            AssertSame(expected, expected.ConnectionString);
            // In libpq's words, too.
            Assert.All(
                parameter.Synonyms.Append(parameter.Keyword.ToUpperInvariant()).Append(parameter.Keyword.Replace(" ", "", StringComparison.Ordinal)),
                synonym => AssertSame(expected, $";;{synonym}=\"{sample.Replace("\"", "\"\"", StringComparison.Ordinal)}\" ;"));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_parameter_means_the_same_as_variable_setting_and_argument_and_reaches_a_child_process(string name)
    {
        var parameter = ConnectionParameters.All.Single(row => row.Name == name);
        var sample = Samples.GetValueOrDefault(name);
        foreach (var variable in parameter.Variables)
        {
            using var project = new Project();
            project.Variables[variable] = sample ?? "hunter2";
            if (sample is null)
            {
                AssertRefusal(await Assert.ThrowsAsync<MigrationException>(() => project.ResolveAsync(Rest(project, parameter))), variable);
            }
            else
            {
                AssertReachesChild(parameter, sample, await project.ResolveAsync(Rest(project, parameter)));
            }
        }

        if (parameter.Setting is { } setting)
        {
            using var project = new Project();
            // The connection is of the same file, so that its parts count.
            var value = setting.IsBare ? sample : $"\"{JsonEncodedText(sample!)}\"";
            project.Add("vividshift.json", $$"""{ "connectionString": "{{Rest(parameter)}}", "{{setting.Name}}": {{value}} }""");
            AssertReachesChild(parameter, sample!, await project.ResolveAsync());
            Assert.Equal(
                (parameter.IsSecret ? "********" : sample, "vividshift.json:1"),
                (project.Describe(setting.Name).Value, project.Describe(setting.Name).Source));
        }

        if (parameter.Argument is not null)
        {
            using var project = new Project();
            var request = project.Request(
                server: "server", port: parameter == ConnectionParameters.Port ? 6432 : null, database: "d", userName: "u", password: "p");
            var given = parameter == ConnectionParameters.Host ? "server" : parameter == ConnectionParameters.Database ? "d"
                : parameter == ConnectionParameters.UserName ? "u" : parameter == ConnectionParameters.Password ? "p" : "6432";
            Assert.Equal(given, parameter.Read((await project.ResolveAsync(request)).Settings));
        }
    }

    [Fact]
    public async Task What_a_child_process_gets_gives_the_same_settings_again()
    {
        using var project = new Project();
        var all = ConnectionParameters.All.Where(parameter => parameter.ChildVariable is not null && parameter.Libpq != "hostaddr");
        var resolved = await project.ResolveAsync(project.Request(
            string.Join(' ', all.Select(parameter => $"{parameter.Libpq}={ConnectionPairs.Quote(Samples[parameter.Libpq!])}"))));

        using var child = new Project();
        foreach (var (variable, value) in ClientEnvironment.Of(resolved, 18))
        {
            if (value is not null)
            {
                child.Variables[variable] = value;
            }
        }

        var again = (await child.ResolveAsync(child.Request("postgresql://"))).Settings;
        // Our own options are put behind those of the connection, here for a second time.
        Assert.StartsWith(resolved.Settings.Options!, again.Options, StringComparison.Ordinal);
        again.Options = resolved.Settings.Options;
        Assert.Equal(resolved.Settings.ConnectionString, again.ConnectionString);
    }

    [Fact]
    public async Task What_would_lead_a_child_process_elsewhere_is_taken_from_its_environment()
    {
        using var project = new Project();
        var resolved = await project.ResolveAsync(project.Request("host=h dbname=d user=u"));

        var variables = ClientEnvironment.Of(resolved, 18);

        Assert.All(
            new[] { "PGSERVICE", "PGHOSTADDR", "PGPASSWORD", "PGSSLCRL", "PGREQUIREPEER", "PGTARGETSESSIONATTRS", "PGREQUIREAUTH" },
            variable => Assert.Null(variables[variable]));
        Assert.Equal(("h", "5432", "15"), (variables["PGHOST"], variables["PGPORT"], variables["PGCONNECT_TIMEOUT"]));
    }

    [Fact]
    public void Every_keyword_of_libpq_is_known()
    {
        // The PostgreSQL manual, 18, "Parameter Key Words".
        const string Manual =
            "host hostaddr port dbname user password passfile require_auth channel_binding connect_timeout client_encoding options application_name"
            + " fallback_application_name keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout replication gssencmode"
            + " sslmode sslnegotiation sslcompression sslcert sslkey sslkeylogfile sslpassword sslcertmode sslrootcert sslcrl sslcrldir sslsni"
            + " requirepeer ssl_min_protocol_version ssl_max_protocol_version min_protocol_version max_protocol_version krbsrvname gsslib"
            + " gssdelegation scram_client_key scram_server_key service servicefile target_session_attrs load_balance_hosts oauth_issuer"
            + " oauth_client_id oauth_client_secret oauth_scope";

        Assert.All(Manual.Split(' '), keyword => Assert.NotNull(ConnectionParameters.OfLibpq(keyword)));
    }

    [Fact]
    public void No_name_stands_for_two_parameters()
    {
        var names = ConnectionParameters.All.SelectMany(parameter => parameter.UrlNames).ToList();
        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);

        var variables = ConnectionParameters.All.SelectMany(parameter => parameter.Variables).ToList();
        Assert.Equal(variables.Distinct(StringComparer.Ordinal), variables);
    }

    static void AssertReachesChild(ConnectionParameter parameter, string sample, ResolvedDatabase resolved)
    {
        if (parameter.Keyword is null)
        {
            return;
        }

        // Of options, ours come behind the user's.
        Assert.StartsWith(sample, parameter.Read(resolved.Settings), StringComparison.Ordinal);
        if (parameter.ChildVariable is { } variable)
        {
            Assert.Equal(parameter.Read(resolved.Settings), ClientEnvironment.Of(resolved, 18)[variable]);
        }
    }

    static void AssertSame(NpgsqlConnectionStringBuilder expected, string text) =>
        Assert.Equal(expected.ConnectionString, ConnectionText.Parse(text, "X").ConnectionString);

    static void AssertRefused(ConnectionParameter parameter)
    {
        foreach (var text in parameter.UrlNames.Select(name => $"postgresql://h/d?{name}=hunter2"))
        {
            AssertRefusal(Assert.Throws<MigrationException>(() => ConnectionText.Parse(text, "SOURCE")), "SOURCE", parameter.Name);
        }

        if (parameter.Libpq is { } keyword)
        {
            AssertRefusal(
                Assert.Throws<MigrationException>(() => ConnectionText.Parse($"host=h {keyword}=hunter2", "SOURCE")), "SOURCE", keyword);
        }
    }

    static void AssertRefusal(MigrationException refusal, params string[] words)
    {
        Assert.Equal(MigrationErrorCode.ConfigurationInvalid, refusal.Code);
        Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A connection that leaves the parameter open, and nothing else that would have to be looked for.</summary>
    static string Rest(ConnectionParameter parameter) => string.Join(' ', new[]
    {
        (ConnectionParameters.Host, "host=h"), (ConnectionParameters.Database, "dbname=d"), (ConnectionParameters.UserName, "user=u"),
    }.Where(pair => pair.Item1 != parameter).Select(pair => pair.Item2));

    static DatabaseRequest Rest(Project project, ConnectionParameter parameter) => project.Request(Rest(parameter));

    static string JsonEncodedText(string text) => System.Text.Json.JsonEncodedText.Encode(text).ToString();
}
