namespace VividShift.Migrations.Engine.Configuration;

/// <summary>Every setting there is. What is not in this table is refused, so a misspelt one cannot be overlooked.</summary>
/// <param name="connection">The settings that are parameters of a connection.</param>
internal sealed class KnownSettings(IEnumerable<KnownSetting> connection)
{
    internal const string ConnectionString = "connectionString";
    internal const string Database = "database";
    internal const string PasswordCommand = "passwordCommand";
    internal const string Role = "role";
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
    internal const string Databases = "databases";

    // What one database can have for itself; said beside "databases", it holds for each of them.
    static readonly KnownSetting[] OfDatabase =
    [
        new(
            PasswordCommand, SettingKind.Texts,
            "A program that prints the password or an access token as its first line: [\"program\", \"argument\", ...], run without a shell; as one text, run by the shell."),
        new(Role, SettingKind.Text, "The role to work as (SET ROLE), so that it owns what is made. The role that signs in must be a member of it."),
        new(Migrations, SettingKind.Folders, "Folder or folders of migrations. Default: migrations."),
        new(LockTimeout, SettingKind.Seconds, "How many seconds to wait while another run holds the lock. Default: 60."),
        new(CommandTimeout, SettingKind.Seconds, "How many seconds one statement may take; 0 means any. Default: 0."),
        new(ConnectRetry, SettingKind.Seconds, "For how many seconds a refused connection is tried again. Default: 0."),
        new(
            Protected,
            SettingKind.Boolean,
            "true: every change asks first, destructive work asks for the environment's name, and seeds are refused."),
        new(Backups, SettingKind.Folder, "Folder of backups. Default: backups."),
        new(Seeds, SettingKind.Folder, "Folder of seeds. Default: seeds."),
        new(Checks, SettingKind.Folder, "Folder of the project's own health checks. Default: checks."),
    ];

    static readonly KnownSetting Connection = new(
        ConnectionString,
        SettingKind.Connection,
        "The database as a postgresql:// URL, as libpq's keyword=value pairs or as an Npgsql connection string. Better without a password.");

    /// <summary>All of them.</summary>
    internal IReadOnlyList<KnownSetting> All { get; } = Every([Connection, .. connection, .. OfDatabase]);

    static IReadOnlyList<KnownSetting> Every(IReadOnlyList<KnownSetting> ofDatabase) =>
    [
        // For editors: the schema that completes and checks the file.
        new("$schema", SettingKind.Text, "The JSON schema that editors complete and check this file by."),
        .. ofDatabase,
        new(Templates, SettingKind.Folder, "Folder of the project's own templates for New-VsMigration."),
        new(PgBinPath, SettingKind.Folder, "Folder of PostgreSQL's client programs. Default: PATH, then where installers put them."),
        .. HookSettings.All,
        // Chosen with -Database NAME.
        .. ofDatabase.Select(setting => setting.Of($"{Databases}:{KnownSetting.AnyName}")),
    ];

    /// <summary>The setting of that name, in any case; null when there is none.</summary>
    internal KnownSetting? Find(string name) => All.FirstOrDefault(setting => setting.Is(name));

    /// <summary>True when settings lie below that name.</summary>
    internal bool IsGroup(string name) => All.Any(setting => setting.IsBelow(name));

    /// <summary>True when that name holds a list of objects.</summary>
    internal bool IsList(string name) => IsGroup(name + ":0") && Below(name).All(level => level == KnownSetting.AnyIndex);

    /// <summary>What to do about a name that is not in the table.</summary>
    internal string AdviceFor(string name)
    {
        var parent = name[..Math.Max(0, name.LastIndexOf(':'))];
        var known = parent is "" || IsGroup(parent) ? Below(parent).Where(level => level is not (KnownSetting.AnyIndex or "$schema")).ToList() : [];
        if (known.Contains(KnownSetting.AnyName))
        {
            return "Names are made of letters, digits, _ - and . only.";
        }

        return Suggestion.For(name[(parent is "" ? 0 : parent.Length + 1)..], known) is { } near
            ? $"Did you mean '{near}'?"
            : $"The settings{(parent is "" ? "" : $" of '{parent}'")} are {string.Join(", ", known)}.";
    }

    IEnumerable<string> Below(string name) =>
        All.Where(setting => name is "" || setting.IsBelow(name)).Select(setting => setting.LevelBelow(name)).Distinct();
}
