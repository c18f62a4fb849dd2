using Npgsql;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Configuration;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>The connection that won, and for each of its parts who said it. A class and not a record: it holds the password.</summary>
internal sealed class ConnectionChoice(NpgsqlConnectionStringBuilder settings, string source)
{
    static readonly string[] Parts = ["Host", "Port", "Database", "Username", "Password"];

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

    /// <summary>Who said a part; "default" when nobody did.</summary>
    internal string SourceOf(string part) => _sources.GetValueOrDefault(part) ?? (Says(part) ? Source : "default");

    /// <summary>True when some source named the part.</summary>
    internal bool Says(string part) => Settings.ShouldSerialize(part);

    /// <summary>Puts a part in place of what is there.</summary>
    internal void Overlay(string part, ConfigurationValue value)
    {
        Settings[part] = value.Value;
        _sources[part] = value.Source;
    }

    /// <summary>Takes a part out, so that it can be filled in again.</summary>
    internal void Clear(string part)
    {
        Settings.Remove(part);
        _sources.Remove(part);
    }

    /// <summary>Fills in a part that nobody named.</summary>
    internal void Fill(string part, ConfigurationValue? value)
    {
        if (value is not null && !Says(part))
        {
            Overlay(part, value);
        }
    }

    /// <summary>Who said user and password, as a phrase.</summary>
    internal string CredentialSource()
    {
        var user = SourceOf("Username") is "default" ? "the name of the signed-in user" : SourceOf("Username");
        if (!Says("Password"))
        {
            return $"{user}, with no password but what a password file may hold";
        }

        return user == SourceOf("Password") ? user : $"{user} (user) and {SourceOf("Password")} (password)";
    }

    /// <summary>The parts that another source than the winner said, as a phrase for Verbose; empty when there are none.</summary>
    internal string Additions() => string.Concat(
        Parts.Where(part => _sources.TryGetValue(part, out var from) && from != Source)
            .Select(part => $", {part.ToLowerInvariant()} from {_sources[part]}"));
}
