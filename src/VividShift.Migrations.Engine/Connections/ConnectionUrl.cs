using Npgsql;
using VividShift.Migrations.Engine.Configuration;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// Reads connection URLs as libpq and sqlx do (PostgreSQL manual, "Connection URIs"; sqlx-postgres/src/options/parse.rs).
/// <see cref="Uri"/> is of no use: it changes the case of hosts, refuses an empty one, and repairs what should be refused.
/// </summary>
static class ConnectionUrl
{
    // sqlx: options[statement_timeout]=5s
    const string OptionPrefix = "options[";

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

        var at = authority.LastIndexOf('@');
        var hasStrayAt = query?.Contains('@', StringComparison.Ordinal) == true;
        if (hasStrayAt && at < 0 && authority.Contains(':', StringComparison.Ordinal))
        {
            throw ConnectionText.Malformed(source, "has an @ in the wrong place.");
        }

        var (user, password) = Cut(authority[..Math.Max(0, at)], ':');
        // Split before decoding: an encoded colon belongs to the name. %2Fvar%2Frun is a socket folder.
        var (host, port) = HostName.Split(authority[(at + 1)..]) ?? throw ConnectionText.Malformed(source, HostName.Unusable);
        List<(ConnectionParameter Parameter, string Value)> values =
        [
            (ConnectionParameters.UserName, Decode(user, source)),
            (ConnectionParameters.Password, Decode(password ?? "", source)),
            (ConnectionParameters.Host, Decode(host, source)),
            (ConnectionParameters.Port, FormattableString.Invariant($"{port}")),
            (ConnectionParameters.Database, Decode(path ?? "", source)),
        ];
        var options = new List<string>();
        foreach (var pair in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (written, text) = Cut(pair, '=');
            if (text is null)
            {
                throw ConnectionText.Malformed(source, "has a query parameter without a value.");
            }

            var (name, value) = (Decode(written, source), Decode(text, source));
            if (name is "options")
            {
                options.Add(value);
            }
            else if (name.StartsWith(OptionPrefix, StringComparison.Ordinal) && name.EndsWith(']'))
            {
                options.Add($"-c {name[OptionPrefix.Length..^1]}={EscapeOption(value)}");
            }
            else
            {
                // libpq knows JDBC's word for it.
                (name, value) = (name, value) is ("ssl", "true") ? ("sslmode", "require") : (name, value);
                values.Add((ConnectionParameters.OfUrl(name) ?? throw Unknown(name, hasStrayAt, source), value));
            }
        }

        values.Add((ConnectionParameters.Options, string.Join(' ', options)));
        var settings = new NpgsqlConnectionStringBuilder();
        return ConnectionText.Write(settings, values) is { } problem ? throw ConnectionText.Malformed(source, problem) : settings;
    }

    /// <summary>Spaces and backslashes as the server wants them in <c>options</c>.</summary>
    internal static string EscapeOption(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(" ", "\\ ", StringComparison.Ordinal);

    /// <summary>The name itself is left out: after a bare ? or &amp; in a password it is a piece of it.</summary>
    static MigrationException Unknown(string name, bool hasStrayAt, string source)
    {
        if (hasStrayAt)
        {
            return ConnectionText.Malformed(source, "has an @ in the wrong place.");
        }

        var near = Suggestion.For(name, ConnectionParameters.All.SelectMany(parameter => parameter.UrlNames));
        return ConnectionText.Malformed(
            source,
            "has an unknown parameter behind the question mark." + (near is null ? " The names are libpq's." : $" Did you mean '{near}'?"));
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
