using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Engine.Tests.Configuration;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Connections;

/// <summary>psql is asked what a list of <c>keyword=value</c> leads to; the module must get there too, or not connect either.</summary>
public sealed partial class LibpqOracleTests
{
    // What each of the two calls itself when nothing names it is left out.
    const string WhoAndWhere =
        "SELECT concat_ws('|', current_user, current_database(), inet_server_port(), current_setting('lock_timeout'), current_setting('work_mem'),"
        + " nullif(nullif(current_setting('application_name'), 'psql'), 'VividShift.Migrations'))";

    // In braces: the place's own values, as they are, quoted ('…) or with backslashes (\…).
    public static TheoryData<string> Connecting =>
    [
        "host={host} port={port} user={'user} password={'password} dbname={'db}",
        "host = {host}  port= {port} user ={'user} password   =   {'password} dbname = {'db}",
        "\n\thost={host}\n\tport={port}\n\tuser={'user}\n\tpassword={'password}\n\tdbname={'db}\n",
        @"host={host} port={port} user={\user} password={\password} dbname={\db}",
        "host='{host}'port='{port}'user={'user}password={'password}dbname={'db}",
        "host=nowhere.invalid dbname=none port=1 host={host} port={port} user={'user} password={'password} dbname={'db}",
        "hostaddr={host} port={port} user={'user} password={'password} dbname={'db}",
        "host=nowhere.invalid hostaddr={host} port={port} user={'user} password={'password} dbname={'db}",
        "port=' {port} ' host={host} user={'user} password={'password} dbname={'db}",
        "{place} connect_timeout=10",
        "{place} connect_timeout=0",
        "{place} connect_timeout=-1",
        "{place} connect_timeout=100000",
        "{place} options='-c lock_timeout=7s -c work_mem=5MB'",
        @"{place} options=-c\ lock_timeout=7s",
        "{place} options=--work_mem=6MB",
        "{place} application_name='my \\'own\\' app'",
        "{place} fallback_application_name=psql",
        "{place} target_session_attrs=read-write",
        "{place} target_session_attrs=primary",
        "{place} target_session_attrs=any",
        "{place} sslmode=disable",
        "{place} sslmode=allow",
        "{place} sslmode=prefer sslsni=1 sslcompression=0",
        "{place} options='' application_name='' passfile='' sslrootcert=''",
        "{place} gssencmode=disable channel_binding=disable krbsrvname=postgres",
        "{place} client_encoding=UTF8 replication=false",
        "{place} keepalives=0 keepalives_idle=5",
        "{place} keepalives_interval=5 keepalives_count=2 tcp_user_timeout=1000",
        "{place} ssl_min_protocol_version=TLSv1.2 ssl_max_protocol_version=TLSv1.3",
        "host={'sockets} port=5432 user={'user} password={'password} dbname={'db}",
        @"host={\sockets} user={'user} password={'password} dbname={'db} keepalives_idle=5",
        "host={host} port={port} user={'user} dbname={'db} passfile={'passfile}",
    ];

    public static TheoryData<string> Failing =>
    [
        "host={host} port={port} user={'user} password={'password}",
        "host={host} port={port} user={'user} password=wrong dbname={'db}",
        "host={host} port=1 user={'user} password={'password} dbname={'db}",
        "host={host} port=70000 user={'user} password={'password} dbname={'db}",
        "host={host}:{port} user={'user} password={'password} dbname={'db}",
        "HOST={host} port={port} user={'user} password={'password} dbname={'db}",
        "{place} sslmode=require",
        "{place} sslmode=verify-full sslrootcert=/no/such/file",
        "{place} sslmode=perhaps",
        "{place} sslmode=''",
        "{place} connect_timeout=''",
        "{place} target_session_attrs=standby",
        "{place} target_session_attrs=read-only",
        "{place} channel_binding=require",
        "{place} service=no_such_service",
        "{place} connect_timeout=soon",
        "{place} nothing=such",
        "{place} application_name",
        "{place} application_name='open",
        "{place} options='-c no_such_setting=1'",
    ];

    [Theory]
    [MemberData(nameof(Connecting))]
    public Task What_psql_connects_to_the_module_connects_to(string template) => CompareAsync(template, connects: true);

    [Theory]
    [MemberData(nameof(Failing))]
    public Task What_psql_refuses_the_module_refuses(string template) => CompareAsync(template, connects: false);

    static async Task CompareAsync(string template, bool connects)
    {
        await using var place = await OddPlace.CreateAsync();
        var text = place.Fill(template);

        var byPsql = await OddPlace.AskPsqlAsync(text);
        var byModule = await place.AskModuleAsync(text);

        Assert.True(connects == byPsql is not null, $"psql: {byPsql ?? "refused"}");
        Assert.Equal(byPsql, byModule);
    }

    [GeneratedRegex(@"\{(?<how>['\\]?)(?<name>\w+)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();

    /// <summary>A database, a role and a password with whatever needs quotes in their names, and a socket in such a folder.</summary>
    sealed class OddPlace : IAsyncDisposable
    {
        readonly TestDatabase _database;
        readonly Project _project = new();
        readonly SocketRelay _relay;
        readonly Dictionary<string, string> _values;

        OddPlace(TestDatabase database, SocketRelay relay, Dictionary<string, string> values) =>
            (_database, _relay, _values) = (database, relay, values);

        internal static async Task<OddPlace> CreateAsync()
        {
            var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
            var relay = new SocketRelay(database, @"a 'socket\");
            var (name, password) = ($@"o'd\d \{database.Name[^8..]}", @"p'a\ss; w""or=d");
            await database.ExecuteAsync($"CREATE ROLE {Name(name)} LOGIN PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}'");
            await database.ExecuteAsync($"CREATE DATABASE {Name(name + " d=b")} TEMPLATE template0");
            var place = new OddPlace(database, relay, new(StringComparer.Ordinal)
            {
                ["host"] = database.Host, ["port"] = database.Port.ToString(CultureInfo.InvariantCulture), ["user"] = name, ["password"] = password,
                ["db"] = name + " d=b", ["sockets"] = relay.Folder,
            });
            place._values["passfile"] = place._project.Add(
                "the passwords", $"*:*:*:*:{password.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(":", @"\:", StringComparison.Ordinal)}\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(place._values["passfile"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            return place;
        }

        internal string Fill(string template) => Placeholder().Replace(
            template.Replace(
                "{place}", "host={host} port={port} user={'user} password={'password} dbname={'db}", StringComparison.Ordinal),
            match => match.Groups["how"].Value switch
            {
                "'" => ConnectionPairs.Quote(_values[match.Groups["name"].Value]),
                @"\" => string.Concat(_values[match.Groups["name"].Value].Select(c => char.IsAsciiLetterOrDigit(c) ? $"{c}" : $@"\{c}")),
                _ => _values[match.Groups["name"].Value],
            });

        internal static async Task<string?> AskPsqlAsync(string text)
        {
            var start = ExternalProgram.Describe("psql", ["-X", "-w", "-q", "-A", "-t", "-d", text, "-c", WhoAndWhere]);
            foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            {
                start.Environment.Remove(variable);
            }

            var run = await ExternalProgram.RunAsync(start, TestContext.Current.CancellationToken);
            return run.Succeeded ? run.Output.Trim() : null;
        }

        internal async Task<string?> AskModuleAsync(string text)
        {
            try
            {
                var resolved = await _project.ResolveAsync(_project.Request(text));
                await using var session = await Session.OpenAsync(
                    resolved, SessionPurpose.ReadOnly, _project.Observer, TestContext.Current.CancellationToken);
                await using var command = new NpgsqlCommand(WhoAndWhere, session.Connection);
                return (string?)await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
            }
            catch (MigrationException refusal)
            {
                Assert.DoesNotContain("ss; w", refusal.ToString(), StringComparison.Ordinal);
                return null;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _relay.DisposeAsync();
            await _database.Server.Address.DropDatabaseAsync(_values["db"]);
            await _database.ExecuteAsync($"DROP ROLE {Name(_values["user"])}");
            await _database.DisposeAsync();
            _project.Dispose();
        }

        static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
