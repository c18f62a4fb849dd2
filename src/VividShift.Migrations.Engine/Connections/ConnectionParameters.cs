using System.Globalization;
using VividShift.Migrations.Engine.Configuration;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// Every parameter of a connection, in one table: URLs, libpq's and Npgsql's lists of <c>keyword=value</c>, libpq's variables,
/// <c>vividshift.json</c>, the cmdlets' parameters and the environment of child processes are all read and written by it.
/// The names are those of the PostgreSQL manual ("Parameter Key Words", "Environment Variables"), of sqlx
/// (sqlx-postgres/src/options/parse.rs) and of Npgsql. What is in no row is refused: a misspelt <c>sslmode</c> that is passed over means
/// an open connection.
/// </summary>
static class ConnectionParameters
{
    const string Revocation = "lists of revoked certificates are not read (Npgsql's Check Certificate Revocation=true asks the authority)";
    const string Services = "service files are not read; write here what the service says";
    const string Keys = "give the password";
    const string OAuth = "OAuth is not supported; a token goes into the password (passwordCommand)";

    static readonly ValueFormat Tls = ValueFormat.Words(
        ("disable", "Disable"), ("allow", "Allow"), ("prefer", "Prefer"), ("require", "Require"), ("verify-ca", "VerifyCA"),
        ("verify-full", "VerifyFull"));

    internal static ConnectionParameter Host { get; } = new("Host", ValueFormat.Host)
    {
        Libpq = "host",
        Synonyms = ["Server"],
        // As in libpq the address is where the connection goes.
        Variables = ["PGHOSTADDR", "PGHOST"],
        Setting = new("server", SettingKind.Text, "Host name, address, or the folder of a Unix socket; host:port is understood."),
        Argument = "-Server",
        ArgumentOf = request => request.Server,
        Locates = true,
    };

    internal static ConnectionParameter Port { get; } = new("Port", ValueFormat.Port)
    {
        Libpq = "port",
        Variables = ["PGPORT"],
        Setting = new("port", SettingKind.Port, "TCP port. Default: 5432."),
        Argument = "-Port",
        ArgumentOf = request => request.Port?.ToString(CultureInfo.InvariantCulture),
        Locates = true,
        HasOwnDefault = true,
    };

    internal static ConnectionParameter Database { get; } = new("Database", ValueFormat.Name)
    {
        Libpq = "dbname",
        Synonyms = ["DB"],
        Variables = ["PGDATABASE"],
        Setting = new(KnownSettings.Database, SettingKind.Text, "Name of the database."),
        Argument = "-Database",
        ArgumentOf = request => request.Database,
        Locates = true,
    };

    internal static ConnectionParameter UserName { get; } = new("Username", ValueFormat.Name)
    {
        Libpq = "user",
        Synonyms = ["UserId", "UID"],
        Variables = ["PGUSER"],
        Setting = new("username", SettingKind.Text, "The role that signs in."),
        Argument = "-Credential",
        ArgumentOf = request => request.UserName,
        Locates = true,
    };

    internal static ConnectionParameter Password { get; } = new("Password", ValueFormat.Secret)
    {
        Libpq = "password",
        Synonyms = ["PSW", "PWD"],
        Variables = ["PGPASSWORD"],
        Setting = new("password", SettingKind.Secret, "Its password. Better: passwordCommand, a password file, or -Credential."),
        Argument = "-Credential",
        ArgumentOf = request => request.Password,
        IsSecret = true,
    };

    internal static ConnectionParameter Options { get; } = new("Options", ValueFormat.Text) { Libpq = "options", Variables = ["PGOPTIONS"] };

    internal static ConnectionParameter SslMode { get; } = new("SSL Mode", Tls)
    {
        Libpq = "sslmode",
        Aliases = ["ssl-mode"],
        Variables = ["PGSSLMODE"],
        Setting = new("sslMode", SettingKind.Choice, "TLS, in libpq's words. Default: prefer.") { Choices = Tls.Choices },
    };

    internal static ConnectionParameter RootCertificate { get; } = new("Root Certificate", ValueFormat.RootFile)
    {
        Libpq = "sslrootcert",
        Aliases = ["ssl-root-cert", "ssl-ca"],
        Variables = ["PGSSLROOTCERT"],
        Setting = new(
            "sslRootCertificate", SettingKind.File, "File with the certificates of the authorities that the server's certificate may come from."),
    };

    internal static ConnectionParameter SslPassword { get; } = new("SSL Password", ValueFormat.Secret) { Libpq = "sslpassword", IsSecret = true };

    internal static ConnectionParameter KeepAlive { get; } = new("TCP Keepalive", ValueFormat.Switch) { Libpq = "keepalives" };

    internal static ConnectionParameter KeepAliveTime { get; } = new("TCP Keepalive Time", ValueFormat.Count) { Libpq = "keepalives_idle" };

    internal static ConnectionParameter KeepAliveInterval { get; } =
        new("TCP Keepalive Interval", ValueFormat.Count) { Libpq = "keepalives_interval" };

    /// <summary>All of them. Where two rows have one keyword, the later goes before the earlier.</summary>
    internal static IReadOnlyList<ConnectionParameter> All { get; } =
    [
        Host,
        new("Host", ValueFormat.Address) { Libpq = "hostaddr" },
        Port,
        Database,
        UserName,
        Password,
        new("Passfile", ValueFormat.Text) { Libpq = "passfile", Variables = ["PGPASSFILE"] },
        new("Application Name", ValueFormat.Text) { Libpq = "application_name", Variables = ["PGAPPNAME"] },
        Options,
        new("Timeout", ValueFormat.Timeout) { Libpq = "connect_timeout", Variables = ["PGCONNECT_TIMEOUT"], HasOwnDefault = true },
        SslMode,
        RootCertificate,
        new("SSL Certificate", ValueFormat.Text) { Libpq = "sslcert", Aliases = ["ssl-cert"], Variables = ["PGSSLCERT"] },
        new("SSL Key", ValueFormat.Text) { Libpq = "sslkey", Aliases = ["ssl-key"], Variables = ["PGSSLKEY"] },
        SslPassword,
        new("SSL Negotiation", ValueFormat.Words(("postgres", "Postgres"), ("direct", "Direct")))
        {
            Libpq = "sslnegotiation",
            Variables = ["PGSSLNEGOTIATION"],
        },
        new("Channel Binding", ValueFormat.Words(("disable", "Disable"), ("prefer", "Prefer"), ("require", "Require")))
        {
            Libpq = "channel_binding",
            Variables = ["PGCHANNELBINDING"],
        },
        new("GSS Encryption Mode", ValueFormat.Words(("disable", "Disable"), ("prefer", "Prefer"), ("require", "Require")))
        {
            Libpq = "gssencmode",
            Variables = ["PGGSSENCMODE"],
        },
        new("Require Auth", ValueFormat.Methods) { Libpq = "require_auth", Variables = ["PGREQUIREAUTH"] },
        new("Kerberos Service Name", ValueFormat.Text) { Libpq = "krbsrvname", Synonyms = ["krbsrvname"], Variables = ["PGKRBSRVNAME"] },
        KeepAlive,
        KeepAliveTime,
        KeepAliveInterval,

        // Not PGCLIENTENCODING: it says how psql shows texts on this terminal.
        new(null, ValueFormat.Harmless("utf8", "utf-8", "unicode", "auto")) { Libpq = "client_encoding" },
        // One server is all we ever talk to; whether it can be written to shows when we write.
        new(null, ValueFormat.Harmless("any", "primary", "read-write", "prefer-standby"))
        {
            Libpq = "target_session_attrs",
            Variables = ["PGTARGETSESSIONATTRS"],
        },
        new(null, ValueFormat.Harmless("disable", "random")) { Libpq = "load_balance_hosts", Variables = ["PGLOADBALANCEHOSTS"] },
        new(null, ValueFormat.Ignored) { Libpq = "fallback_application_name" },
        // How soon a dead connection is noticed: Npgsql leaves both to the system.
        new(null, ValueFormat.Count) { Libpq = "keepalives_count" },
        new(null, ValueFormat.Count) { Libpq = "tcp_user_timeout" },
        // sqlx's own: we prepare nothing.
        new(null, ValueFormat.Ignored) { Aliases = ["statement-cache-capacity"] },
        new(null, ValueFormat.Harmless("0", "1")) { Libpq = "sslcompression", Variables = ["PGSSLCOMPRESSION"] },
        new(null, ValueFormat.Harmless("1")) { Libpq = "sslsni", Variables = ["PGSSLSNI"] },
        new(null, ValueFormat.Harmless("allow")) { Libpq = "sslcertmode", Variables = ["PGSSLCERTMODE"] },
        new(null, ValueFormat.Harmless("TLSv1", "TLSv1.1", "TLSv1.2"))
        {
            Libpq = "ssl_min_protocol_version",
            Variables = ["PGSSLMINPROTOCOLVERSION"],
        },
        new(null, ValueFormat.Harmless("TLSv1.3")) { Libpq = "ssl_max_protocol_version", Variables = ["PGSSLMAXPROTOCOLVERSION"] },
        new(null, ValueFormat.Harmless("3.0")) { Libpq = "min_protocol_version", Variables = ["PGMINPROTOCOLVERSION"] },
        new(null, ValueFormat.Harmless("3.0", "3.2", "latest")) { Libpq = "max_protocol_version", Variables = ["PGMAXPROTOCOLVERSION"] },
        new(null, ValueFormat.Harmless("0")) { Libpq = "gssdelegation", Variables = ["PGGSSDELEGATION"] },
        new(null, ValueFormat.Ignored) { Libpq = "gsslib", Variables = ["PGGSSLIB"] },
        new(null, ValueFormat.Harmless("false", "off", "no", "0")) { Libpq = "replication" },
        new(null, ValueFormat.Unsupported(Revocation)) { Libpq = "sslcrl", Variables = ["PGSSLCRL"] },
        new(null, ValueFormat.Unsupported(Revocation)) { Libpq = "sslcrldir", Variables = ["PGSSLCRLDIR"] },
        new(null, ValueFormat.Unsupported("nothing is checked here about who owns a socket"))
        {
            Libpq = "requirepeer",
            Variables = ["PGREQUIREPEER"],
        },
        new(null, ValueFormat.Unsupported("libpq does not know it; write options[search_path]=… instead"))
        {
            Aliases = ["search_path", "schema", "currentSchema"],
        },
        // PGSERVICE is asked for where it would decide something.
        new(null, ValueFormat.Unsupported(Services)) { Libpq = "service" },
        new(null, ValueFormat.Unsupported(Services)) { Libpq = "servicefile" },
        new(null, ValueFormat.Unsupported("no keys are written to files")) { Libpq = "sslkeylogfile" },
        new(null, ValueFormat.Unsupported(Keys)) { Libpq = "scram_client_key", IsSecret = true },
        new(null, ValueFormat.Unsupported(Keys)) { Libpq = "scram_server_key", IsSecret = true },
        new(null, ValueFormat.Unsupported(OAuth)) { Libpq = "oauth_issuer" },
        new(null, ValueFormat.Unsupported(OAuth)) { Libpq = "oauth_client_id" },
        new(null, ValueFormat.Unsupported(OAuth)) { Libpq = "oauth_client_secret", IsSecret = true },
        new(null, ValueFormat.Unsupported(OAuth)) { Libpq = "oauth_scope" },
    ];

    /// <summary>The settings of <c>vividshift.json</c>, those that are no part of a connection among them.</summary>
    internal static KnownSettings KnownSettings { get; } = new(All.Select(parameter => parameter.Setting).OfType<KnownSetting>());

    static readonly IReadOnlyList<string> Names = [.. All.SelectMany(parameter => parameter.Names).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The parameter that libpq calls so; null when there is none.</summary>
    internal static ConnectionParameter? OfLibpq(string keyword) => All.FirstOrDefault(parameter => parameter.Libpq == keyword);

    /// <summary>The parameter that URLs call so, as libpq or as sqlx read them; null when there is none.</summary>
    internal static ConnectionParameter? OfUrl(string name) =>
        OfLibpq(name) ?? All.FirstOrDefault(parameter => parameter.Aliases.Contains(name, StringComparer.Ordinal));

    /// <summary>The parameter that Npgsql calls so; null when there is none.</summary>
    internal static ConnectionParameter? OfNpgsql(string keyword) => All.FirstOrDefault(parameter => parameter.IsNpgsql(keyword));

    /// <summary>
    /// True when a value holds <c>keyword=</c> of any form, as it does where the pairs are parted in another way than the form has it, where
    /// a value was left out, and where a whole connection stands in the place of a name.
    /// </summary>
    internal static bool HoldsPair(string value)
    {
        for (var at = value.IndexOf('=', StringComparison.Ordinal); at >= 0; at = value.IndexOf('=', at + 1))
        {
            var before = value[..at].TrimEnd();
            if (Names.Any(name => before.EndsWith(name, StringComparison.OrdinalIgnoreCase) && IsBorder(before[..^name.Length])))
            {
                return true;
            }
        }

        return false;
    }

    // "-c application_name=x" is an option of the server's.
    static bool IsBorder(string before) =>
        before is "" || ((char.IsWhiteSpace(before[^1]) || before[^1] is ';' or '&' or '?')
            && !before.TrimEnd().EndsWith("-c", StringComparison.Ordinal));
}
