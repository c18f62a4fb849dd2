namespace VividShift.Migrations.Engine.Configuration;

/// <summary>What a setting holds.</summary>
internal enum SettingKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>A text that must never be shown.</summary>
    Secret,

    /// <summary>An Npgsql connection string or a URL; shown without its password.</summary>
    Connection,

    /// <summary>A TCP port.</summary>
    Port,

    /// <summary>Whole seconds from 0.</summary>
    Seconds,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A folder, relative to the file that names it.</summary>
    Folder,

    /// <summary>One folder or several.</summary>
    Folders,
}

/// <summary>A setting of <c>vividshift.json</c>.</summary>
/// <param name="Name">Its name; levels are parted by colons.</param>
/// <param name="Kind">What it holds.</param>
internal sealed record KnownSetting(string Name, SettingKind Kind)
{
    /// <summary>What a value must be, for messages.</summary>
    internal string Expectation => Kind switch
    {
        SettingKind.Port => "a whole number from 1 to 65535",
        SettingKind.Seconds => "a whole number of seconds, 0 or more",
        SettingKind.Boolean => "true or false",
        SettingKind.Folders => "a text or a list of texts",
        _ => "a text",
    };

    /// <summary>True when the text is such a value.</summary>
    internal bool Accepts(string text) => Kind switch
    {
        SettingKind.Port => Connections.HostName.Port(text) is not null,
        SettingKind.Seconds => Number.Seconds(text) is not null,
        SettingKind.Boolean => bool.TryParse(text, out _),
        _ => true,
    };
}

/// <summary>Every setting there is. What is not in this table is refused, so a misspelt one cannot be overlooked.</summary>
static class KnownSettings
{
    internal const string ConnectionString = "connectionString";
    internal const string Server = "server";
    internal const string Port = "port";
    internal const string Database = "database";
    internal const string UserName = "username";
    internal const string Password = "password";
    internal const string Migrations = "migrations";
    internal const string Templates = "templates";
    internal const string LockTimeout = "lockTimeoutSec";
    internal const string CommandTimeout = "commandTimeoutSec";
    internal const string ConnectRetry = "connectRetrySec";
    internal const string Protected = "protected";
    internal const string Backups = "backups";
    internal const string Seeds = "seeds";
    internal const string Checks = "checks";
    internal const string PgBinPath = "pgBinPath";

    internal static IReadOnlyList<KnownSetting> All { get; } =
    [
        new(ConnectionString, SettingKind.Connection),
        new(Server, SettingKind.Text),
        new(Port, SettingKind.Port),
        new(Database, SettingKind.Text),
        new(UserName, SettingKind.Text),
        new(Password, SettingKind.Secret),
        new(Migrations, SettingKind.Folders),
        new(Templates, SettingKind.Folder),
        new(LockTimeout, SettingKind.Seconds),
        new(CommandTimeout, SettingKind.Seconds),
        new(ConnectRetry, SettingKind.Seconds),
        new(Protected, SettingKind.Boolean),
        new(Backups, SettingKind.Folder),
        new(Seeds, SettingKind.Folder),
        new(Checks, SettingKind.Folder),
        new(PgBinPath, SettingKind.Folder),
        // For editors: the schema that completes and checks the file.
        new("$schema", SettingKind.Text),
    ];

    /// <summary>The setting of that name, in any case; null when there is none.</summary>
    internal static KnownSetting? Find(string name) =>
        All.FirstOrDefault(setting => string.Equals(setting.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>True when settings lie below that name.</summary>
    internal static bool IsGroup(string name) =>
        All.Any(setting => setting.Name.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));

    /// <summary>What to do about a name that is not in the table.</summary>
    internal static string AdviceFor(string name) => Suggestion.For(name, All.Select(setting => setting.Name)) is { } near
        ? $"Did you mean '{near}'?"
        : $"The settings are {string.Join(", ", All.Select(setting => setting.Name))}.";
}
