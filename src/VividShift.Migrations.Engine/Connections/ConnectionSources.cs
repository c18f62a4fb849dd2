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

    const string HowTo =
        "Give -ConnectionString or -Server, set VIVIDSHIFT_DATABASE_URL or DATABASE_URL (in the environment or in .env), write a"
        + " connectionString into vividshift.json, set PGHOST and PGDATABASE, or use -Sandbox for a private server.";

    /// <summary>The connection; null when no source names one.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming the source.</exception>
    internal static ConnectionChoice? Find(LoadedConfiguration configuration)
    {
        var request = configuration.Request.Database;
        var choice = FromParameters(request)
            ?? FromText(configuration.Variables.Find(ToolVariable))
            ?? FromText(configuration.Variables.Find(configuration.DatabaseUrlVariable))
            ?? FromLibpq(request, configuration.Variables);
        if (choice is not null)
            Complete(choice, request, configuration.Variables);
        return choice;
    }

    /// <summary>The connection of a private server; only parameters have a say beside it.</summary>
    internal static ConnectionChoice Sandbox(string connectionString, DatabaseRequest request)
    {
        var choice = new ConnectionChoice(ConnectionText.Parse(connectionString, "-Sandbox"), "-Sandbox");
        OverlayParameters(choice, request);
        return choice;
    }

    /// <summary>The exception when there is no connection.</summary>
    internal static MigrationException Missing(LoadedConfiguration configuration) => Invalid.Setting(
        configuration.Variables.Find("PGSERVICE") is { } service
            ? $"No database is configured: {service.Source} is set, but service files are not read."
            : "No database is configured.",
        HowTo);

    static ConnectionChoice? FromParameters(DatabaseRequest request)
    {
        if (request.ConnectionString is { Length: > 0 } text)
            return new ConnectionChoice(ConnectionText.Parse(text, "-ConnectionString"), "-ConnectionString");
        if (request.Server is null && request.Port is null)
            return null;
        var choice = new ConnectionChoice(new NpgsqlConnectionStringBuilder(), request.Server is null ? "-Port" : "-Server");
        PutServer(choice, new Sourced(request.Server ?? "localhost", choice.Source), "a -Server that");
        // Not PGPORT: who names a server means the usual port of that server.
        choice.Fill("Port", new Sourced((request.Port ?? 5432).ToString(CultureInfo.InvariantCulture), request.Port is null ? "default" : "-Port"));
        return choice;
    }

    /// <summary>Puts a host, with or without port, into the choice.</summary>
    internal static void PutServer(ConnectionChoice choice, Sourced server, string subject)
    {
        if (HostName.IsSocketFolder(server.Value))
        {
            choice.Overlay("Host", server);
            return;
        }

        var (host, port) = HostName.Split(server.Value)
            ?? throw Invalid.Setting($"{char.ToUpperInvariant(subject[0])}{subject[1..]} {HostName.Unusable}", "Correct it.");
        choice.Overlay("Host", new Sourced(host, server.Source));
        if (port is { } number)
            choice.Overlay("Port", new Sourced(number.ToString(CultureInfo.InvariantCulture), server.Source));
    }

    static ConnectionChoice? FromText(Sourced? text) =>
        text is null ? null : new ConnectionChoice(ConnectionText.Parse(text.Value, text.Source), text.Source);

    static ConnectionChoice? FromLibpq(DatabaseRequest request, Variables variables)
    {
        var source = PgVariables.FirstLocating(variables)?.Source
            ?? (request.Database is not null ? "-Database" : null)
            ?? (request.UserName is not null ? "-Credential" : null);
        return source is null ? null : new ConnectionChoice(new NpgsqlConnectionStringBuilder(), source);
    }

    static void Complete(ConnectionChoice choice, DatabaseRequest request, Variables variables)
    {
        OverlayParameters(choice, request);
        PgVariables.Fill(choice, variables);
        choice.Fill("Host", new Sourced("localhost", "default"));
        // libpq's rules: the role is called as the user of the machine, and the database as the role.
        choice.Fill("Username", new Sourced(Environment.UserName, "default"));
        choice.Fill("Database", new Sourced(choice.Settings.Username!, "default"));
    }

    static void OverlayParameters(ConnectionChoice choice, DatabaseRequest request)
    {
        if (request.Database is { Length: > 0 } database)
            choice.Overlay("Database", new Sourced(database, "-Database"));
        if (request.UserName is not { Length: > 0 } user)
            return;
        choice.Overlay("Username", new Sourced(user, "-Credential"));
        // The password of another user is no use to this one.
        choice.Clear("Password");
        if (request.Password is { Length: > 0 } password)
            choice.Overlay("Password", new Sourced(password, "-Credential"));
    }
}
