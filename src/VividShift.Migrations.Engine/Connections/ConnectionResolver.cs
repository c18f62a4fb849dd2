using Npgsql;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>From what the user said to a database that can be connected to.</summary>
/// <param name="sandbox">
/// The connection string of the private server of a folder, which it starts where needed.
/// </param>
/// <param name="environment">The environment variables; null means the process's, as they are when a request comes.</param>
internal sealed class ConnectionResolver(
    Func<string, IMigrationObserver, CancellationToken, Task<string>> sandbox, IReadOnlyDictionary<string, string>? environment = null)
{
    static readonly TimeSpan DefaultLockTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Resolves, and tells on Verbose which source won. Does not connect, except to start a private server.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, or what starting the private server raises.</exception>
    internal async Task<ResolvedDatabase> ResolveAsync(
        MigrationRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var configuration = LoadedConfiguration.Load(request, environment ?? Variables.OfProcess(), ConnectionParameters.KnownSettings);
        var choice = await FindAsync(configuration, observer, cancellationToken) ?? throw ConnectionSources.Missing(configuration);
        return Resolve(configuration, choice, observer);
    }

    /// <summary>The same, or null when no connection is configured anywhere.</summary>
    internal async Task<ResolvedDatabase?> TryResolveAsync(
        MigrationRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var configuration = LoadedConfiguration.Load(request, environment ?? Variables.OfProcess(), ConnectionParameters.KnownSettings);
        return await FindAsync(configuration, observer, cancellationToken) is { } choice ? Resolve(configuration, choice, observer) : null;
    }

    /// <summary>The same for a request that is not about files.</summary>
    internal Task<ResolvedDatabase> ResolveAsync(
        DatabaseRequest request, IMigrationObserver observer, CancellationToken cancellationToken) =>
        ResolveAsync(new MigrationRequest { Database = request }, observer, cancellationToken);

    async Task<ConnectionChoice?> FindAsync(
        LoadedConfiguration configuration, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var request = configuration.Request.Database;
        if (request.Sandbox)
        {
            return ConnectionSources.Sandbox(await sandbox(request.WorkingFolder, observer, cancellationToken), configuration);
        }

        var choice = ConnectionSources.Find(configuration);
        if (choice is not null && PasswordCommand.Find(configuration, choice) is { } command)
        {
            choice.Overlay(ConnectionParameters.Password, await command.AskAsync(observer, cancellationToken));
        }

        return choice;
    }

    static ResolvedDatabase Resolve(LoadedConfiguration configuration, ConnectionChoice choice, IMigrationObserver observer)
    {
        var resolved = Resolve(configuration, choice);
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

    static ResolvedDatabase Resolve(LoadedConfiguration configuration, ConnectionChoice choice)
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
            Settings = settings,
            Target = new DatabaseTarget(settings.Host!, settings.Port, settings.Database!, settings.Username),
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
