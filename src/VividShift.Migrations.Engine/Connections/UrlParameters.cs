using System.Globalization;
using Npgsql;
using VividShift.Migrations.Engine.Configuration;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// The query parameters of connection URLs: libpq's names (PostgreSQL manual, "Parameter Key Words") and the spellings that sqlx has
/// beside them. What is unknown is refused: a misspelt <c>sslmode</c> that is ignored means an open connection.
/// </summary>
static class UrlParameters
{
    static readonly Dictionary<string, Action<NpgsqlConnectionStringBuilder, string>> Known = new(StringComparer.Ordinal)
    {
        ["host"] = SetHost,
        ["hostaddr"] = SetHost,
        ["port"] = (settings, value) => settings.Port = HostName.Port(value) ?? throw new FormatException(),
        ["dbname"] = (settings, value) => settings.Database = value,
        ["user"] = (settings, value) => settings.Username = value,
        ["password"] = (settings, value) => settings.Password = value,
        ["passfile"] = (settings, value) => settings.Passfile = value,
        ["application_name"] = (settings, value) => settings.ApplicationName = value,
        ["options"] = (settings, value) => settings.Options = $"{settings.Options} {value}".TrimStart(),
        ["connect_timeout"] = (settings, value) => settings.Timeout = Seconds(value),
        ["client_encoding"] = (_, value) => Require(value, "utf8", "utf-8", "auto"),
        ["sslmode"] = (settings, value) => settings.SslMode = Tls(value),
        ["ssl-mode"] = (settings, value) => settings.SslMode = Tls(value),
        ["sslrootcert"] = (settings, value) => settings.RootCertificate = value,
        ["ssl-root-cert"] = (settings, value) => settings.RootCertificate = value,
        ["ssl-ca"] = (settings, value) => settings.RootCertificate = value,
        ["sslcert"] = (settings, value) => settings.SslCertificate = value,
        ["ssl-cert"] = (settings, value) => settings.SslCertificate = value,
        ["sslkey"] = (settings, value) => settings.SslKey = value,
        ["ssl-key"] = (settings, value) => settings.SslKey = value,
        ["sslpassword"] = (settings, value) => settings.SslPassword = value,
        ["sslnegotiation"] = (settings, value) => settings.SslNegotiation = Enum.Parse<SslNegotiation>(value, ignoreCase: true),
        ["channel_binding"] = (settings, value) => settings.ChannelBinding = Enum.Parse<ChannelBinding>(value, ignoreCase: true),
        ["gssencmode"] = (settings, value) => settings.GssEncryptionMode = Enum.Parse<GssEncryptionMode>(value, ignoreCase: true),
        ["require_auth"] = (settings, value) => settings.RequireAuth = value,
        ["krbsrvname"] = (settings, value) => settings.KerberosServiceName = value,
        ["keepalives"] = (settings, value) => settings.TcpKeepAlive = value != "0",
        ["keepalives_idle"] = (settings, value) => settings.TcpKeepAliveTime = Seconds(value),
        ["keepalives_interval"] = (settings, value) => settings.TcpKeepAliveInterval = Seconds(value),
        // One server is all we ever talk to; whether it can be written to shows when we write.
        ["target_session_attrs"] = (_, value) => Require(value, "any", "primary", "read-write", "prefer-standby"),
        // sqlx's own: we prepare nothing.
        ["statement-cache-capacity"] = (_, _) => { },
    };

    /// <summary>True for the names that can be applied.</summary>
    internal static bool Knows(string name) => Known.ContainsKey(name) || IsOption(name);

    /// <summary>Puts one parameter into the settings.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming the parameter and <paramref name="source"/>.</exception>
    internal static void Apply(NpgsqlConnectionStringBuilder settings, string name, string value, string source)
    {
        if (IsOption(name))
        {
            Known["options"](settings, $"-c {name[8..^1]}={EscapeOption(value)}");
            return;
        }

        if (!Known.TryGetValue(name, out var apply))
        {
            var advice = Suggestion.For(name, Known.Keys) is { } near
                ? $"Did you mean '{near}'?"
                : "Remove it, or see the manual of libpq for the names.";
            throw ConfigurationError.Create($"The connection URL from {source} has an unknown parameter '{name}'.", advice);
        }

        try
        {
            apply(settings, value);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw ConnectionText.Malformed(source, $"has a value for '{name}' that cannot be used.");
        }
    }

    // sqlx: options[statement_timeout]=5s
    static bool IsOption(string name) => name.StartsWith("options[", StringComparison.Ordinal) && name.EndsWith(']');

    /// <summary>Spaces and backslashes as the server wants them in <c>options</c>.</summary>
    internal static string EscapeOption(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(" ", "\\ ", StringComparison.Ordinal);

    static void SetHost(NpgsqlConnectionStringBuilder settings, string value)
    {
        if (value.Contains(',', StringComparison.Ordinal))
        {
            throw new FormatException();
        }

        settings.Host = value;
    }

    /// <summary>libpq's words for TLS; also used for PGSSLMODE.</summary>
    internal static SslMode Tls(string value) => value.ToLowerInvariant() switch
    {
        "disable" => SslMode.Disable,
        "allow" => SslMode.Allow,
        "prefer" => SslMode.Prefer,
        "require" => SslMode.Require,
        "verify-ca" => SslMode.VerifyCA,
        "verify-full" => SslMode.VerifyFull,
        _ => throw new FormatException(),
    };

    internal static int Seconds(string value) => int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);

    static void Require(string value, params string[] allowed)
    {
        if (!allowed.Contains(value, StringComparer.OrdinalIgnoreCase))
        {
            throw new FormatException();
        }
    }
}
