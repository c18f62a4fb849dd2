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
        OverlayArguments(choice, configuration);
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
        choice.OverlayServer(new ConfigurationValue(request.Server ?? "localhost", choice.Source));
        // Not PGPORT: who names a server means the usual port of that server.
        choice.Fill(ConnectionParameters.Port, new ConfigurationValue("5432", "default"));
        if (Argument(ConnectionParameters.Port, request) is { } port)
        {
            choice.Overlay(ConnectionParameters.Port, port);
        }

        return choice;
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
        ConfigurationValue? Beside(ConnectionParameter parameter) => settings.RankOf(parameter.Setting!.Name) >= Math.Max(rank, 0)
            ? settings.Find(parameter.Setting)
            : null;

        var main = text ?? Beside(ConnectionParameters.Host) ?? Beside(ConnectionParameters.Database);
        if (main is null)
        {
            return null;
        }

        var choice = new ConnectionChoice(text is null ? new() : ConnectionText.Parse(text.Value, text.Source), main.Source)
        {
            IsFromSettings = true,
        };
        if (Beside(ConnectionParameters.Host) is { } server)
        {
            choice.OverlayServer(server);
        }

        foreach (var parameter in ConnectionParameters.All.Where(parameter => parameter.Setting is not null && parameter != ConnectionParameters.Host))
        {
            if (Beside(parameter) is { } value)
            {
                choice.Overlay(parameter, value);
            }
        }

        // Of a password and a command that prints one, the stronger file's counts; where both stand in one file, the command.
        if (settings.RankOf(KnownSettings.PasswordCommand) >= Math.Max(0, Math.Max(rank, settings.RankOf(ConnectionParameters.Password.Setting!.Name))))
        {
            choice.Clear(ConnectionParameters.Password);
        }

        return choice;
    }

    static ConnectionChoice? FromLibpq(DatabaseRequest request, Variables variables)
    {
        var source = ConnectionParameters.All.Where(parameter => parameter.Locates)
                .Select(parameter => parameter.FindIn(variables)).FirstOrDefault(found => found is not null)?.Source
            ?? (request.Database is not null ? "-Database" : null)
            ?? (request.UserName is not null ? "-Credential" : null);
        return source is null ? null : new ConnectionChoice(new NpgsqlConnectionStringBuilder(), source);
    }

    static void Complete(ConnectionChoice choice, LoadedConfiguration configuration)
    {
        OverlayArguments(choice, configuration);
        FillFromSettings(choice, configuration.Settings);
        FillFromVariables(choice, configuration.Variables);
        choice.Fill(ConnectionParameters.Host, new ConfigurationValue("localhost", "default"));
        // libpq's rules: the role is called as the user of the machine, and the database as the role.
        choice.Fill(ConnectionParameters.UserName, new ConfigurationValue(Environment.UserName, "default"));
        choice.Fill(ConnectionParameters.Database, new ConfigurationValue(choice.Settings.Username!, "default"));
        FollowLibpq(choice);
    }

    // Wherever the connection comes from: a URL without sslmode in a variable must not undo what the file of an environment asks for.
    // Nor may a file's password go to the server of a URL.
    static void FillFromSettings(ConnectionChoice choice, LayeredConfiguration settings)
    {
        foreach (var parameter in ConnectionParameters.All.Where(parameter => parameter is { Setting: not null, Locates: false, IsSecret: false }))
        {
            choice.Fill(parameter, settings.Find(parameter.Setting!));
        }
    }

    // As with libpq and sqlx they fill in whatever the connection's own source leaves open, so that one DATABASE_URL means the same
    // database to every tool. The password file is read by Npgsql.
    static void FillFromVariables(ConnectionChoice choice, Variables variables)
    {
        // A service's host and database would go before those of the other variables.
        if (variables.Find("PGSERVICE") is { } service && !(choice.Says(ConnectionParameters.Host) && choice.Says(ConnectionParameters.Database)))
        {
            throw ConfigurationError.Create(
                $"{service.Source} is set, and may say which host or database is meant; but service files are not read.",
                "Unset it, or name host and database yourself.");
        }

        foreach (var parameter in ConnectionParameters.All)
        {
            choice.Fill(parameter, parameter.FindIn(variables));
        }
    }

    static void FollowLibpq(ConnectionChoice choice)
    {
        // With a root certificate 'require' checks the server's certificate.
        if (choice.Settings.SslMode == SslMode.Require && (choice.Says(ConnectionParameters.RootCertificate) || File.Exists(UsersRootCertificate)))
        {
            choice.Overlay(ConnectionParameters.SslMode, new ConfigurationValue("verify-ca", choice.SourceOf(ConnectionParameters.SslMode)));
        }

        // Who says how a connection is kept alive wants it kept, unless a switch says no; and a Unix socket needs nothing.
        var (isKept, time, interval) = (ConnectionParameters.KeepAlive, ConnectionParameters.KeepAliveTime, ConnectionParameters.KeepAliveInterval);
        if (choice.Says(isKept) ? !choice.Settings.TcpKeepAlive : HostName.IsSocketFolder(choice.Settings.Host!))
        {
            choice.Clear(time);
            choice.Clear(interval);
        }
        else if (choice.Settings.TcpKeepAliveTime > 0 || choice.Settings.TcpKeepAliveInterval > 0)
        {
            choice.Fill(isKept, new ConfigurationValue("1", choice.Source));
            // Npgsql takes no interval without a time.
            choice.Fill(time, new ConfigurationValue("60", "default"));
        }
    }

    /// <summary>Where libpq looks for root certificates when nothing names any.</summary>
    internal static string UsersRootCertificate => OperatingSystem.IsWindows()
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "postgresql", "root.crt")
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".postgresql", "root.crt");

    static void OverlayArguments(ConnectionChoice choice, LoadedConfiguration configuration)
    {
        var request = configuration.Request.Database;
        if (configuration.Chosen is { } chosen)
        {
            if (chosen.DatabaseName(choice.IsFromSettings && choice.Says(ConnectionParameters.Database)) is { } named)
            {
                choice.Overlay(ConnectionParameters.Database, named);
            }
        }

        if (Argument(ConnectionParameters.UserName, request) is not null)
        {
            // The password of another user is no use to this one.
            choice.Clear(ConnectionParameters.Password);
        }

        // Server and port made the choice, if they were given; the name of a configured database has just been looked up.
        foreach (var parameter in ConnectionParameters.All.Except([ConnectionParameters.Host, ConnectionParameters.Port]))
        {
            if (Argument(parameter, request) is { } value && (parameter != ConnectionParameters.Database || configuration.Chosen is null))
            {
                choice.Overlay(parameter, value);
            }
        }
    }

    static ConfigurationValue? Argument(ConnectionParameter parameter, DatabaseRequest request) =>
        parameter.ArgumentOf(request) is { Length: > 0 } value ? new ConfigurationValue(value, parameter.Argument!) : null;
}
