namespace VividShift.Migrations.Engine.Configuration;

/// <summary>Every setting there is. What is not in this table is refused, so a misspelt one cannot be overlooked.</summary>
static class KnownSettings
{
    internal const string ConnectionString = "connectionString";
    internal const string Server = "server";
    internal const string Port = "port";
    internal const string Database = "database";
    internal const string UserName = "username";
    internal const string Password = "password";
    internal const string PasswordCommand = "passwordCommand";
    internal const string Role = "role";
    internal const string SslMode = "sslMode";
    internal const string SslRootCertificate = "sslRootCertificate";
    internal const string Migrations = "migrations";
    internal const string Templates = "templates";
    internal const string LockTimeout = "lockTimeoutSec";
    internal const string CommandTimeout = "commandTimeoutSec";
    internal const string ConnectRetry = "connectRetrySec";
    internal const string Protected = "protected";
    internal const string Backups = "backups";
    internal const string Seeds = "seeds";
    internal const string Checks = "checks";
    internal const string TrustedOwners = "trustedOwners";
    internal const string PgBinPath = "pgBinPath";
    internal const string Databases = "databases";

    // What one database can have for itself; said beside "databases", it holds for each of them.
    static readonly KnownSetting[] OfDatabase =
    [
        new(
            ConnectionString,
            SettingKind.Connection,
            "The database as a postgresql:// URL or an Npgsql connection string. Better without a password."),
        new(Server, SettingKind.Text, "Host name, address, or the folder of a Unix socket; host:port is understood."),
        new(Port, SettingKind.Port, "TCP port. Default: 5432."),
        new(Database, SettingKind.Text, "Name of the database."),
        new(UserName, SettingKind.Text, "The role that signs in."),
        new(Password, SettingKind.Secret, "Its password. Better: passwordCommand, a password file, or -Credential."),
        new(
            PasswordCommand, SettingKind.Texts,
            "A program that prints the password or an access token as its first line: [\"program\", \"argument\", ...], run without a shell; as one text, run by the shell."),
        new(Role, SettingKind.Text, "The role to work as (SET ROLE), so that it owns what is made. The role that signs in must be a member of it."),
        new(SslMode, SettingKind.Choice, "TLS, in libpq's words. Default: prefer.")
        {
            Choices = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
        },
        new(SslRootCertificate, SettingKind.File, "File with the certificates of the authorities that the server's certificate may come from."),
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
        new(
            TrustedOwners, SettingKind.Texts,
            "Roles that may own the history table although the session's role is no member of them. Whoever owns a table has its triggers run with the rights of those who write to it."),
    ];

    internal static IReadOnlyList<KnownSetting> All { get; } =
    [
        // For editors: the schema that completes and checks the file.
        new("$schema", SettingKind.Text, "The JSON schema that editors complete and check this file by."),
        .. OfDatabase,
        new(Templates, SettingKind.Folder, "Folder of the project's own templates for New-VsMigration."),
        new(PgBinPath, SettingKind.Folder, "Folder of PostgreSQL's client programs. Default: PATH, then where installers put them."),
        .. HookSettings.All,
        // Chosen with -Database NAME.
        .. OfDatabase.Select(setting => setting.Of($"{Databases}:{KnownSetting.AnyName}")),
    ];

    /// <summary>The setting of that name, in any case; null when there is none.</summary>
    internal static KnownSetting? Find(string name) => All.FirstOrDefault(setting => setting.Is(name));

    /// <summary>True when settings lie below that name.</summary>
    internal static bool IsGroup(string name) => All.Any(setting => setting.IsBelow(name));

    /// <summary>True when that name holds a list of objects.</summary>
    internal static bool IsList(string name) => IsGroup(name + ":0") && Below(name).All(level => level == KnownSetting.AnyIndex);

    /// <summary>What to do about a name that is not in the table.</summary>
    internal static string AdviceFor(string name)
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

    static IEnumerable<string> Below(string name) =>
        All.Where(setting => name is "" || setting.IsBelow(name)).Select(setting => setting.LevelBelow(name)).Distinct();
}
