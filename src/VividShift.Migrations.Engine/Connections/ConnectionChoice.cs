using Npgsql;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Configuration;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>The connection that won, and for each of its parameters who said it. A class and not a record: it holds the password.</summary>
internal sealed class ConnectionChoice(NpgsqlConnectionStringBuilder settings, string source)
{
    readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);

    /// <summary>The settings, password included.</summary>
    internal NpgsqlConnectionStringBuilder Settings { get; } = settings;

    /// <summary>The source that won.</summary>
    internal string Source { get; } = source;

    /// <summary>Which database it leads to.</summary>
    internal DatabaseTarget Target => new(Settings.Host!, Settings.Port, Settings.Database!, Settings.Username);

    /// <summary>True when it is a variable that lies around in the environment or in <c>.env</c>.</summary>
    internal bool IsFromVariable { get; init; }

    /// <summary>True when it comes from configuration files.</summary>
    internal bool IsFromSettings { get; init; }

    /// <summary>True when parameters said where the database is.</summary>
    internal bool IsFromParameters { get; init; }

    /// <summary>Who said a parameter; "default" when nobody did.</summary>
    internal string SourceOf(ConnectionParameter parameter) =>
        _sources.GetValueOrDefault(parameter.Keyword!) ?? (Says(parameter) ? Source : "default");

    /// <summary>True when some source named the parameter.</summary>
    internal bool Says(ConnectionParameter parameter) => parameter.Keyword is { } keyword && Settings.ShouldSerialize(keyword);

    /// <summary>Puts a value in place of what is there.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming the source and never the value.</exception>
    internal void Overlay(ConnectionParameter parameter, ConfigurationValue value)
    {
        if (!parameter.TryWrite(Settings, value.Value))
        {
            throw ConfigurationError.Create($"{Capital(value.Source)} {ConnectionText.BadValue(parameter)}", "Correct or remove it.");
        }

        if (parameter.Keyword is { } keyword)
        {
            _sources[keyword] = value.Source;
        }
    }

    /// <summary>Puts a host in place of what is there, and its port, where it is written with one.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming the source and never the value.</exception>
    internal void OverlayServer(ConfigurationValue server)
    {
        var (host, port) = HostName.IsSocketFolder(server.Value)
            ? (server.Value, null)
            : HostName.Split(server.Value) ?? throw ConfigurationError.Create($"{Capital(server.Source)} {HostName.Unusable}", "Correct it.");
        Overlay(ConnectionParameters.Host, new ConfigurationValue(host, server.Source));
        if (port is not null)
        {
            Overlay(ConnectionParameters.Port, new ConfigurationValue(FormattableString.Invariant($"{port}"), server.Source));
        }
    }

    /// <summary>Takes a parameter out, so that it can be filled in again.</summary>
    internal void Clear(ConnectionParameter parameter)
    {
        Settings.Remove(parameter.Keyword!);
        _sources.Remove(parameter.Keyword!);
    }

    /// <summary>Fills in a parameter that nobody named.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming the source and never the value.</exception>
    internal void Fill(ConnectionParameter parameter, ConfigurationValue? value)
    {
        if (value is not null && !Says(parameter))
        {
            Overlay(parameter, value);
        }
    }

    /// <summary>Who said user and password, as a phrase.</summary>
    internal string CredentialSource()
    {
        var user = SourceOf(ConnectionParameters.UserName) is var source and not "default" ? source : "the name of the signed-in user";
        if (!Says(ConnectionParameters.Password))
        {
            return $"{user}, with no password but what a password file may hold";
        }

        var password = SourceOf(ConnectionParameters.Password);
        return user == password ? user : $"{user} (user) and {password} (password)";
    }

    /// <summary>The parameters that another source than the winner said, as a phrase for Verbose; empty when there are none.</summary>
    internal string Additions() => string.Concat(
        from parameter in ConnectionParameters.All.DistinctBy(parameter => parameter.Keyword)
        where parameter.Keyword is not null && _sources.TryGetValue(parameter.Keyword, out var said) && said != Source
        select $", {parameter.Keyword!.ToLowerInvariant()} from {_sources[parameter.Keyword]}");

    static string Capital(string source) => $"{char.ToUpperInvariant(source[0])}{source[1..]}";
}
