using System.Data.Common;
using Npgsql;
using VividShift.Migrations.Engine.Configuration;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// Reads a connection in either of the two forms that people have: a <c>postgresql://</c> URL or an Npgsql connection string. No
/// message repeats a value, for where a text is malformed, any part of it may be part of the password.
/// </summary>
static class ConnectionText
{
    /// <summary>Reads a text; <paramref name="source"/> is what messages call it.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming <paramref name="source"/>.</exception>
    internal static NpgsqlConnectionStringBuilder Parse(string text, string source)
    {
        text = text.Trim();
        if (ConnectionUrl.IsUrl(text))
        {
            return ConnectionUrl.Parse(text, source);
        }

        if (text.Contains("://", StringComparison.Ordinal) && !text.Contains('=', StringComparison.Ordinal))
        {
            throw Malformed(source, "has a scheme that is not PostgreSQL's.");
        }

        return ParsePairs(text, source);
    }

    /// <summary>The exception for a connection that cannot be read.</summary>
    internal static MigrationException Malformed(string source, string what, Exception? cause = null) => ConfigurationError.Create(
        $"The connection from {source} {what}",
        "Write postgresql://user:password@host:5432/database?sslmode=require (with @ : / ? # % and spaces in user and password"
        + " percent-encoded), or Host=…;Port=5432;Database=…;Username=…;Password='…'.",
        cause);

    static NpgsqlConnectionStringBuilder ParsePairs(string text, string source)
    {
        var pairs = new DbConnectionStringBuilder();
        try
        {
            pairs.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            // The inner exception is left out here and below: its message may repeat values.
            throw Malformed(source, "is neither a URL nor a list of Keyword=value pairs.");
        }

        var settings = new NpgsqlConnectionStringBuilder();
        var afterPassword = false;
        foreach (string keyword in pairs.Keys)
        {
            if (!settings.ContainsKey(keyword))
            {
                throw Malformed(
                    source,
                    afterPassword
                        ? "has an unknown keyword after the password; a password that holds ; or = is written in quotes."
                        : $"has an unknown keyword '{keyword}'.");
            }

            try
            {
                settings[keyword] = pairs[keyword];
            }
            catch (Exception exception)
                when (exception is ArgumentException or FormatException or OverflowException or InvalidCastException)
            {
                throw Malformed(source, $"has a value for '{keyword}' that cannot be used.");
            }

            afterPassword |= settings.Password is not null;
        }

        return SplitPort(settings, source);
    }

    static NpgsqlConnectionStringBuilder SplitPort(NpgsqlConnectionStringBuilder settings, string source)
    {
        if (settings.Host is not { Length: > 0 } host || HostName.IsSocketFolder(host))
        {
            return settings;
        }

        var (name, port) = HostName.Split(host) ?? throw Malformed(source, HostName.Unusable);
        settings.Host = name;
        if (port is { } number)
        {
            settings.Port = number;
        }

        return settings;
    }
}
