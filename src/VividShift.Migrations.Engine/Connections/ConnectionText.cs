using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using VividShift.Migrations.Engine.Configuration;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// Reads a connection in any of the three forms that people have: a <c>postgresql://</c> URL, libpq's list of <c>keyword=value</c>, or
/// an Npgsql connection string. What no form explains, or two explain differently, is refused. No message repeats anything but the names of
/// known parameters, for where a text is malformed, any part of it may be part of the password.
/// </summary>
static partial class ConnectionText
{
    const string OneInTheOther =
        "holds another keyword=… within a value: part the pairs either with blanks (host=… user=…) or with semicolons (Host=…;Username=…),"
        + " leave no value out, and put a value that holds keyword=… in quotes.";

    /// <summary>Reads a text; <paramref name="source"/> is what messages call it.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming <paramref name="source"/>.</exception>
    internal static NpgsqlConnectionStringBuilder Parse(string text, string source)
    {
        text = text.Trim();
        if (ConnectionUrl.IsUrl(text))
        {
            return ConnectionUrl.Parse(text, source);
        }

        if (text is "")
        {
            throw Malformed(source, "is empty.");
        }

        if (ForeignScheme().IsMatch(text))
        {
            throw Malformed(
                source, "has a scheme that is not PostgreSQL's: no jdbc: stands before postgresql://, and no driver such as +asyncpg in it.");
        }

        var libpq = Read(text, isNpgsql: false);
        var npgsql = Read(text, isNpgsql: true);
        if (libpq.Settings is not null && npgsql.Settings is not null)
        {
            return libpq.Settings.EquivalentTo(npgsql.Settings)
                ? libpq.Settings
                : throw Malformed(source, "means one thing in libpq's form and another in Npgsql's: write its value in quotes.");
        }

        return libpq.Settings ?? npgsql.Settings ?? throw Malformed(source, IsMeantForLibpq(text) ? libpq.Problem : npgsql.Problem);
    }

    /// <summary>The exception for a connection that cannot be read.</summary>
    internal static MigrationException Malformed(string source, string what) => ConfigurationError.Create(
        $"The connection from {source} {what}",
        "Write postgresql://user:password@host:5432/database?sslmode=require (with @ : / ? # % and spaces in user and password"
        + " percent-encoded), or host=… port=5432 dbname=… user=… password='…', or Host=…;Port=5432;Database=…;Username=…;Password='…'.");

    /// <summary>What is wrong with a value of a parameter; the value itself is left out.</summary>
    internal static string BadValue(ConnectionParameter parameter) => parameter == ConnectionParameters.Host
        ? HostName.Unusable
        : $"has a value for '{parameter.Name}' that cannot be used: {parameter.Format.Expectation}.";

    /// <summary>The settings as one form reads them, or why it does not.</summary>
    static (NpgsqlConnectionStringBuilder? Settings, string Problem) Read(string text, bool isNpgsql)
    {
        if ((isNpgsql ? ConnectionPairs.OfNpgsql(text) : ConnectionPairs.OfLibpq(text)) is not { } pairs)
        {
            return (null, "is neither a URL nor a list of keyword=value pairs.");
        }

        var settings = new NpgsqlConnectionStringBuilder();
        var known = new List<(ConnectionParameter Parameter, string Value)>();
        string? port = null;
        foreach (var pair in pairs)
        {
            var parameter = isNpgsql ? ConnectionParameters.OfNpgsql(pair.Keyword) : ConnectionParameters.OfLibpq(pair.Keyword);
            if (parameter is null && !(isNpgsql && settings.ContainsKey(pair.Keyword)))
            {
                return (null, Unknown(pair, pairs, known.Exists(said => said.Parameter.IsSecret), isNpgsql));
            }

            if (!pair.IsQuoted && ConnectionParameters.HoldsPair(pair.Value))
            {
                return (null, OneInTheOther);
            }

            if (parameter is not null)
            {
                var value = isNpgsql && parameter == ConnectionParameters.Host ? CutPort(pair.Value, ref port) : pair.Value;
                known.Add((parameter, value));
            }
            else if (!TryWriteOwn(settings, pair))
            {
                return (null, "has a value that cannot be used for one of Npgsql's own keywords.");
            }
        }

        if (port is not null)
        {
            known.Add((ConnectionParameters.Port, port));
        }

        return Write(settings, known) is { } problem ? (null, problem) : (settings, "");
    }

    /// <summary>Writes values in the order of the table; what is wrong when one cannot be used, else null.</summary>
    internal static string? Write(NpgsqlConnectionStringBuilder settings, IEnumerable<(ConnectionParameter Parameter, string Value)> values)
    {
        var said = values.ToLookup(value => value.Parameter, value => value.Value);
        foreach (var parameter in ConnectionParameters.All)
        {
            foreach (var value in said[parameter])
            {
                if (!parameter.TryWrite(settings, value))
                {
                    return BadValue(parameter);
                }
            }
        }

        return null;
    }

    /// <summary>The keyword itself is left out: after a misplaced quote or semicolon it is a piece of the password.</summary>
    static string Unknown(ConnectionPair pair, IReadOnlyList<ConnectionPair> pairs, bool isAfterSecret, bool isNpgsql)
    {
        if (isAfterSecret)
        {
            return "has an unknown keyword after the password; a password that holds ; or = or a blank is written in quotes.";
        }

        var place = FormattableString.Invariant($"has an unknown keyword in pair {pairs.TakeWhile(other => other != pair).Count() + 1}.");
        return Suggestion.For(pair.Keyword, ConnectionParameters.All.Select(known => isNpgsql ? known.Keyword : known.Libpq).OfType<string>()) is { } near
            ? $"{place} Did you mean '{near}'?"
            : place;
    }

    /// <summary>Writes what Npgsql alone has.</summary>
    static bool TryWriteOwn(NpgsqlConnectionStringBuilder settings, ConnectionPair pair)
    {
        try
        {
            settings[pair.Keyword] = pair.Value is "" ? null : pair.Value;
            return true;
        }
        // What the builder says repeats the value.
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            return false;
        }
    }

    // Npgsql takes host:port for a host, and then no other port.
    static string CutPort(string server, ref string? port)
    {
        if (HostName.IsSocketFolder(server) || HostName.Split(server) is not (var host, var number))
        {
            return server;
        }

        port = number?.ToString(CultureInfo.InvariantCulture) ?? port;
        return host;
    }

    static bool IsMeantForLibpq(string text) =>
        !text.Contains(';', StringComparison.Ordinal) && ConnectionParameters.OfLibpq(text.Split('=')[0].TrimEnd()) is not null;

    [GeneratedRegex(
        "^[A-Za-z][A-Za-z0-9+.-]*:(//|[A-Za-z][A-Za-z0-9+.-]*:)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex ForeignScheme();
}
