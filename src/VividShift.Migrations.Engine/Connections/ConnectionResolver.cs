using Npgsql;
using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>From a connection that was chosen to a database that can be connected to.</summary>
static class ConnectionResolver
{
    static readonly TimeSpan DefaultLockTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Completes the settings of every session, and tells on Verbose which source won. Does not connect.</summary>
    /// <param name="configuration">What is configured.</param>
    /// <param name="choice">The connection, password included.</param>
    /// <param name="command">Where the password came from a command: that command, since what it gave may expire.</param>
    /// <param name="observer">Is told.</param>
    internal static ResolvedDatabase Resolve(
        LoadedConfiguration configuration, ConnectionChoice choice, PasswordCommand? command, IMigrationObserver observer)
    {
        var resolved = Resolve(configuration, choice, command);
        if (configuration.Chosen is { } chosen)
        {
            observer.Report(new VerboseMessage($"-Database {chosen.Name.Value} is the database of that name in {chosen.Name.Source}."));
        }

        observer.Report(new VerboseMessage(
            $"Database {resolved.Target} as '{resolved.Target.UserName}': connection from {choice.Source}{choice.Additions()}."));
        if (ConnectionSources.Warning(configuration, choice) is { } warning)
        {
            observer.Report(new WarningRaised(warning));
        }

        return resolved;
    }

    static ResolvedDatabase Resolve(LoadedConfiguration configuration, ConnectionChoice choice, PasswordCommand? command)
    {
        var request = configuration.Request.Database;
        var commandTimeout = Limit(
            request.CommandTimeout ?? configuration.Settings.FindSeconds(KnownSettings.CommandTimeout) ?? OwnCommandTimeout(choice));
        // A copy: the choice is also what Get-VsConfiguration describes.
        var settings = new NpgsqlConnectionStringBuilder(choice.Settings.ConnectionString);
        var role = ConnectionSources.Role(configuration)?.Value;
        SessionSettings.Apply(settings, commandTimeout, role);
        return new ResolvedDatabase
        {
            Access = new(settings, command),
            Target = choice.Target,
            Source = choice.Source,
            ServerSource = choice.SourceOf(ConnectionParameters.Host),
            DatabaseSource = choice.SourceOf(ConnectionParameters.Database),
            CredentialSource = choice.CredentialSource(),
            Role = role,
            CommandTimeout = commandTimeout,
            LockTimeout = request.LockTimeout ?? configuration.Settings.FindSeconds(KnownSettings.LockTimeout) ?? DefaultLockTimeout,
            ConnectRetry = configuration.Settings.FindSeconds(KnownSettings.ConnectRetry) ?? TimeSpan.Zero,
            Project = configuration.Project,
        };
    }

    static TimeSpan? OwnCommandTimeout(ConnectionChoice choice) =>
        choice.Settings.ShouldSerialize("Command Timeout") ? TimeSpan.FromSeconds(choice.Settings.CommandTimeout) : null;

    /// <summary>Zero is how people write "no limit".</summary>
    static TimeSpan? Limit(TimeSpan? timeout) => timeout == TimeSpan.Zero ? null : timeout;
}
