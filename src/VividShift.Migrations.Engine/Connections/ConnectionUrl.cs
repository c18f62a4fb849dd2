using Npgsql;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// Reads connection URLs as libpq and sqlx do (PostgreSQL manual, "Connection URIs"; sqlx-postgres/src/options/parse.rs).
/// <see cref="Uri"/> is of no use: it changes the case of hosts, refuses an empty one, and repairs what should be refused.
/// </summary>
static class ConnectionUrl
{
    static readonly string[] Schemes = ["postgresql://", "postgres://"];

    internal static bool IsUrl(string text) => Array.Exists(Schemes, scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads a URL; <paramref name="source"/> is what messages call it.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming <paramref name="source"/>.</exception>
    internal static NpgsqlConnectionStringBuilder Parse(string url, string source)
    {
        var rest = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];
        if (rest.Contains('#', StringComparison.Ordinal))
        {
            throw ConnectionText.Malformed(source, "holds a bare #.");
        }

        var (beforeQuery, query) = Cut(rest, '?');
        var (authority, path) = Cut(beforeQuery, '/');
        // A bare / or ? in a password cuts it in two. What follows must not be told as the name of something.
        if (path?.Contains('@', StringComparison.Ordinal) == true)
        {
            throw ConnectionText.Malformed(source, "has an @ in the wrong place.");
        }

        var suspicious = query?.Contains('@', StringComparison.Ordinal) == true;

        var settings = new NpgsqlConnectionStringBuilder();
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            ReadUser(authority[..at], settings, source);
        }

        ReadHost(authority[(at + 1)..], settings, source);
        if (path is { Length: > 0 })
        {
            settings.Database = Decode(path, source);
        }

        foreach (var pair in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(pair, '=');
            if (value is null)
            {
                throw ConnectionText.Malformed(source, "has a query parameter without a value.");
            }

            if (suspicious && !UrlParameters.Knows(name))
            {
                throw ConnectionText.Malformed(source, "has an @ in the wrong place.");
            }

            UrlParameters.Apply(settings, Decode(name, source), Decode(value, source), source);
        }

        return settings;
    }

    static void ReadUser(string text, NpgsqlConnectionStringBuilder settings, string source)
    {
        var (user, password) = Cut(text, ':');
        if (user is not "")
        {
            settings.Username = Decode(user, source);
        }

        if (password is { Length: > 0 })
        {
            settings.Password = Decode(password, source);
        }
    }

    static void ReadHost(string text, NpgsqlConnectionStringBuilder settings, string source)
    {
        if (text is "")
        {
            return;
        }
        // Split before decoding: an encoded colon belongs to the name. %2Fvar%2Frun is a socket folder.
        var (host, port) = HostName.Split(text) ?? throw ConnectionText.Malformed(source, HostName.Unusable);
        if (host is not "")
        {
            settings.Host = Decode(host, source);
        }

        if (port is { } number)
        {
            settings.Port = number;
        }
    }

    static string Decode(string text, string source)
    {
        for (var at = text.IndexOf('%', StringComparison.Ordinal); at >= 0; at = text.IndexOf('%', at + 1))
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
            {
                throw ConnectionText.Malformed(source, "holds a % that is not followed by two hexadecimal digits.");
            }
        }

        var decoded = Uri.UnescapeDataString(text);
        if (decoded.Contains('\0', StringComparison.Ordinal))
        {
            throw ConnectionText.Malformed(source, "holds %00.");
        }

        return decoded;
    }

    static (string Before, string? After) Cut(string text, char at)
    {
        var index = text.IndexOf(at, StringComparison.Ordinal);
        return index < 0 ? (text, null) : (text[..index], text[(index + 1)..]);
    }
}
