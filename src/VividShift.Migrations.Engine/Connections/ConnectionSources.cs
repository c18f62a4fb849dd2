using System.Globalization;
using Npgsql;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Configuration;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// Chooses the connection: the first source that names one wins, <c>-Database</c> and <c>-Credential</c> replace parts of any, and
/// libpq's variables fill in what is left open.
/// </summary>
static class ConnectionSources
{
    internal const string ToolVariable = "VIVIDSHIFT_DATABASE_URL";

    static readonly (string Name, string Part)[] SettingParts =
    [
        (KnownSettings.Port, "Port"),
        (KnownSettings.Database, "Database"),
        (KnownSettings.UserName, "Username"),
        (KnownSettings.Password, "Password"),
    ];

    /// <summary>The connection; null when no source names one.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming the source.</exception>
    internal static ConnectionChoice? Find(LoadedConfiguration configuration)
    {
        var request = configuration.Request.Database;
        var choice = FromParameters(request)
            ?? (configuration.Chosen is null ? null : FromSettings(configuration.Settings))
            ?? FromVariable(configuration.Variables.Find(ToolVariable))
            ?? FromVariable(configuration.Variables.Find(configuration.DatabaseUrlVariable))
            ?? FromSettings(configuration.Settings)
            ?? FromLibpq(request, configuration.Variables);
        if (choice is not null)
        {
            Complete(choice, configuration);
        }

        return choice;
    }

    /// <summary>The connection of a private server; only parameters have a say beside it.</summary>
    internal static ConnectionChoice Sandbox(string connectionString, LoadedConfiguration configuration)
    {
        var choice = new ConnectionChoice(ConnectionText.Parse(connectionString, "-Sandbox"), "-Sandbox");
        OverlayParameters(choice, configuration);
        return choice;
    }

    /// <summary>The role to work as; null when none is configured. A private server does not know it.</summary>
    internal static ConfigurationValue? Role(LoadedConfiguration configuration) =>
        configuration.Request.Database.Sandbox ? null : configuration.Settings.Find(KnownSettings.Role);

    /// <summary>The exception when there is no connection.</summary>
    internal static MigrationException Missing(LoadedConfiguration configuration) => ConfigurationError.Create(
        configuration.Variables.Find("PGSERVICE") is { } service
            ? $"No database is configured: {service.Source} is set, but service files are not read."
            : "No database is configured.",
        (configuration is { Chosen: null, DatabaseNames: { Count: > 0 } names }
            ? $"Choose one with -Database: {string.Join(", ", names.Select(name => name.Value))}; or give"
            : "Give")
        + $" -ConnectionString or -Server, set {ToolVariable} or {configuration.DatabaseUrlVariable} (in the environment or in .env),"
        + " write a connectionString into vividshift.json, set PGHOST and PGDATABASE, or use -Sandbox for a private server.");

    static ConnectionChoice? FromParameters(DatabaseRequest request)
    {
        if (request.ConnectionString is { Length: > 0 } text)
        {
            return new ConnectionChoice(ConnectionText.Parse(text, "-ConnectionString"), "-ConnectionString") { IsFromParameters = true };
        }

        if (request.Server is null && request.Port is null)
        {
            return null;
        }

        var choice = new ConnectionChoice(new NpgsqlConnectionStringBuilder(), request.Server is null ? "-Port" : "-Server")
        {
            IsFromParameters = true,
        };
        PutServer(choice, new ConfigurationValue(request.Server ?? "localhost", choice.Source), "-Server");
        // Not PGPORT: who names a server means the usual port of that server.
        var port = (request.Port ?? 5432).ToString(CultureInfo.InvariantCulture);
        choice.Fill("Port", new ConfigurationValue(port, request.Port is null ? "default" : "-Port"));
        return choice;
    }

    /// <summary>Puts a host, with or without port, into the choice.</summary>
    internal static void PutServer(ConnectionChoice choice, ConfigurationValue server, string subject)
    {
        if (HostName.IsSocketFolder(server.Value))
        {
            choice.Overlay("Host", server);
            return;
        }

        var (host, port) = HostName.Split(server.Value)
            ?? throw ConfigurationError.Create($"{char.ToUpperInvariant(subject[0])}{subject[1..]} {HostName.Unusable}", "Correct it.");
        choice.Overlay("Host", new ConfigurationValue(host, server.Source));
        if (port is { } number)
        {
            choice.Overlay("Port", new ConfigurationValue(number.ToString(CultureInfo.InvariantCulture), server.Source));
        }
    }

    /// <summary>
    /// A warning for someone who asks for an environment and gets the database of a variable instead of the one that is configured for it;
    /// null when there is nothing to warn of.
    /// </summary>
    internal static string? Warning(LoadedConfiguration configuration, ConnectionChoice choice) =>
        configuration.Request.Database.Environment is { } name && choice.IsFromVariable && FromSettings(configuration.Settings) is { } other
            ? $"-Environment {name} was given, but the connection comes from {choice.Source}, which goes before the one in {other.Source}."
            : null;

    static ConnectionChoice? FromVariable(ConfigurationValue? text) => text is null
        ? null
        : new ConnectionChoice(ConnectionText.Parse(text.Value, text.Source), text.Source) { IsFromVariable = true };

    static ConnectionChoice? FromSettings(LayeredConfiguration settings)
    {
        var text = settings.Find(KnownSettings.ConnectionString);
        var rank = settings.RankOf(KnownSettings.ConnectionString);
        // A connection string says all that weaker files say; what the same or a stronger one says besides, goes on top.
        ConfigurationValue? Beside(string name) => settings.RankOf(name) >= Math.Max(rank, 0) ? settings.Find(name) : null;

        var main = text ?? Beside(KnownSettings.Server) ?? Beside(KnownSettings.Database);
        if (main is null)
        {
            return null;
        }

        var choice = new ConnectionChoice(text is null ? new() : ConnectionText.Parse(text.Value, text.Source), main.Source)
        {
            IsFromSettings = true,
        };
        if (Beside(KnownSettings.Server) is { } server)
        {
            PutServer(choice, server, $"the server in {server.Source}");
        }

        foreach (var (name, part) in SettingParts)
        {
            if (Beside(name) is { } value)
            {
                choice.Overlay(part, value);
            }
        }

        if (settings.RankOf(KnownSettings.SslMode) >= rank)
        {
            choice.Clear("SSL Mode");
        }

        if (settings.RankOf(KnownSettings.SslRootCertificate) >= rank)
        {
            choice.Clear("Root Certificate");
        }

        // Of a password and a command that prints one, the stronger file's counts; where both stand in one file, the command.
        if (settings.RankOf(KnownSettings.PasswordCommand) >= Math.Max(0, Math.Max(rank, settings.RankOf(KnownSettings.Password))))
        {
            choice.Clear("Password");
        }

        return choice;
    }

    static ConnectionChoice? FromLibpq(DatabaseRequest request, Variables variables)
    {
        var source = PgVariables.FirstLocating(variables)?.Source
            ?? (request.Database is not null ? "-Database" : null)
            ?? (request.UserName is not null ? "-Credential" : null);
        return source is null ? null : new ConnectionChoice(new NpgsqlConnectionStringBuilder(), source);
    }

    static void Complete(ConnectionChoice choice, LoadedConfiguration configuration)
    {
        OverlayParameters(choice, configuration);
        FillTls(choice, configuration.Settings);
        PgVariables.Fill(choice, configuration.Variables);
        choice.Fill("Host", new ConfigurationValue("localhost", "default"));
        // libpq's rules: the role is called as the user of the machine, and the database as the role.
        choice.Fill("Username", new ConfigurationValue(Environment.UserName, "default"));
        choice.Fill("Database", new ConfigurationValue(choice.Settings.Username!, "default"));
    }

    // Wherever the connection comes from: a URL without sslmode in a variable must not undo what the file of an environment asks for.
    static void FillTls(ConnectionChoice choice, LayeredConfiguration settings)
    {
        if (settings.Find(KnownSettings.SslMode) is { } mode)
        {
            choice.Fill("SSL Mode", new ConfigurationValue(UrlParameters.Tls(mode.Value).ToString(), mode.Source));
        }

        choice.Fill("Root Certificate", settings.FindFolders(KnownSettings.SslRootCertificate) is [var file, ..] ? file : null);
    }

    static void OverlayParameters(ConnectionChoice choice, LoadedConfiguration configuration)
    {
        var request = configuration.Request.Database;
        if (configuration.Chosen is { } chosen)
        {
            if (chosen.DatabaseName(choice.IsFromSettings && choice.Says("Database")) is { } named)
            {
                choice.Overlay("Database", named);
            }
        }
        else if (request.Database is { Length: > 0 } database)
        {
            choice.Overlay("Database", new ConfigurationValue(database, "-Database"));
        }

        if (request.UserName is not { Length: > 0 } user)
        {
            return;
        }

        choice.Overlay("Username", new ConfigurationValue(user, "-Credential"));
        // The password of another user is no use to this one.
        choice.Clear("Password");
        if (request.Password is { Length: > 0 } password)
        {
            choice.Overlay("Password", new ConfigurationValue(password, "-Credential"));
        }
    }
}
