using VividShift.Migrations.Databases;

namespace VividShift.Migrations.Engine.Configuration;

/// <summary>A database that has a name of its own in the configuration, and that -Database chose.</summary>
internal sealed class NamedDatabase
{
    readonly LayeredConfiguration _own;

    NamedDatabase(ConfigurationValue name, LayeredConfiguration own) => (Name, _own) = (name, own);

    /// <summary>Its name, and where it stands.</summary>
    internal ConfigurationValue Name { get; }

    string Group => $"{KnownSettings.Databases}:{Name.Value}";

    /// <summary>
    /// The database that a request chose; null when it chose none. Beside -ConnectionString and -Server, -Database is what the server
    /// calls it.
    /// </summary>
    internal static NamedDatabase? Find(LayeredConfiguration settings, IEnumerable<ConfigurationValue> names, DatabaseRequest request)
    {
        if (request is { ConnectionString: not null } or { Server: not null } or { Port: not null })
        {
            return null;
        }

        var name = names.FirstOrDefault(name => string.Equals(name.Value, request.Database, StringComparison.OrdinalIgnoreCase));
        return name is null ? null : new NamedDatabase(name, settings.Below($"{KnownSettings.Databases}:{name.Value}"));
    }

    /// <summary>All settings as they are for this database: its own go before the general ones, whichever file says either.</summary>
    internal LayeredConfiguration OnTopOf(LayeredConfiguration settings) => settings.Overlaid(Group);

    /// <summary>
    /// Whether it is protected. Here the stronger file goes first: what the file of an environment protects, the base file cannot lay open.
    /// </summary>
    internal ConfigurationValue? Protection(LayeredConfiguration settings) =>
        (_own.RankOf(KnownSettings.Protected) >= settings.RankOf(KnownSettings.Protected) ? _own : settings).Find(KnownSettings.Protected);

    /// <summary>
    /// What the server calls it: as configured, else by the name that it has here. Null when its connection string is what says it.
    /// </summary>
    internal ConfigurationValue? DatabaseName(bool connectionStringSaysIt) => _own.Find(KnownSettings.Database)
        ?? (connectionStringSaysIt && _own.Find(KnownSettings.ConnectionString) is not null ? null : new ConfigurationValue(Name.Value, "-Database"));
}
