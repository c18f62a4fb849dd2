using System.Runtime.CompilerServices;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Engine.Errors;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// A project and its database as they were configured when it was opened; all services of the engine work on one. The connection follows from
/// what was read then, and is worked out when it is needed for the first time: only then a connection that cannot be used is an error, the
/// password is asked for, and a private server is started.
/// </summary>
/// <param name="configuration">All configuration.</param>
/// <param name="sandbox">The connection string of the private server of a folder, which it starts where needed.</param>
internal sealed class OpenDatabase(
    LoadedConfiguration configuration, Func<string, IMigrationObserver, CancellationToken, Task<string>> sandbox) : IAsyncDisposable
{
    readonly Lazy<ConnectionChoice?> _choice = new(() => ConnectionSources.Find(configuration));
    readonly SemaphoreSlim _resolving = new(1, 1);
    ResolvedDatabase? _resolved;
    bool _disposed;

    /// <summary>All configuration.</summary>
    internal LoadedConfiguration Configuration { get; } = configuration;

    /// <summary>What applies to files and the environment.</summary>
    internal ProjectSettings Project { get; } = configuration.Project;

    /// <summary>True when the database is on the private server of the folder.</summary>
    internal bool IsSandbox => Configuration.Request.Database.Sandbox;

    /// <summary>True when a connection is configured.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: it cannot be used.</exception>
    internal bool HasConnection => IsSandbox || _choice.Value is not null;

    /// <summary>Which database; null when none is configured, or it is on a private server that was not needed yet.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: the connection cannot be used.</exception>
    internal DatabaseTarget? Target => _resolved?.Target ?? (IsSandbox ? null : _choice.Value?.Target);

    /// <summary>
    /// The one way from a service to its database, and the last place before the wall: whatever server or network throw becomes an exception
    /// that a user can name in a <c>catch</c>.
    /// </summary>
    /// <param name="observer">Is told which connection it is, the first time.</param>
    /// <param name="work">What is done.</param>
    /// <param name="cancellationToken">Stops working the connection out.</param>
    /// <param name="name">Another database of the server; null: the one of the connection.</param>
    /// <exception cref="MigrationException">ConfigurationInvalid: no connection is configured; or what the work throws.</exception>
    internal async Task<T> UseAsync<T>(
        IMigrationObserver observer, Func<ResolvedDatabase, Task<T>> work, CancellationToken cancellationToken, string? name = null)
    {
        var resolved = await ResolveAsync(observer, cancellationToken);
        var database = name is null ? resolved : resolved.On(name);
        return await EngineBoundary.GuardAsync(database.Target, () => work(database), cancellationToken);
    }

    /// <summary>The same for work that gives nothing back.</summary>
    internal Task UseAsync(IMigrationObserver observer, Func<ResolvedDatabase, Task> work, CancellationToken cancellationToken) =>
        UseAsync(
            observer,
            async database =>
            {
                await work(database);
                return true;
            },
            cancellationToken);

    /// <summary>The same for work whose results are taken one by one. Whoever takes no more ends it.</summary>
    internal async IAsyncEnumerable<T> StreamAsync<T>(
        IMigrationObserver observer,
        Func<ResolvedDatabase, IAsyncEnumerable<T>> work,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var database = await ResolveAsync(observer, cancellationToken);
        var results = work(database).GetAsyncEnumerator(cancellationToken);
        try
        {
            while (await EngineBoundary.GuardAsync(database.Target, async () => await results.MoveNextAsync(), cancellationToken))
            {
                yield return results.Current;
            }
        }
        finally
        {
            await EngineBoundary.GuardAsync(database.Target, EndAsync, cancellationToken);
        }

        async Task<bool> EndAsync()
        {
            await results.DisposeAsync();
            return true;
        }
    }

    /// <summary>The database, worked out once.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, or what starting the private server raises.</exception>
    internal async Task<ResolvedDatabase> ResolveAsync(IMigrationObserver observer, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _resolving.WaitAsync(cancellationToken);
        try
        {
            return _resolved ??= await ChooseAsync(observer, cancellationToken);
        }
        finally
        {
            _resolving.Release();
        }
    }

    /// <summary>Refuses a plan of another opened database, which may have meant another one.</summary>
    /// <exception cref="MigrationException">DatabaseMismatch.</exception>
    internal void ThrowUnlessMadeHere(object? madeBy, DatabaseTarget planned)
    {
        if (ReferenceEquals(madeBy, this))
        {
            return;
        }

        throw new MigrationException(
            MigrationErrorCode.DatabaseMismatch,
            $"The plan for {planned} was made before this database was opened, or for another one.",
            "Make the plan again.")
        {
            Target = planned,
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        if (_resolved is { } resolved)
        {
            await resolved.Access.DisposeAsync();
        }

        _resolving.Dispose();
    }

    async Task<ResolvedDatabase> ChooseAsync(IMigrationObserver observer, CancellationToken cancellationToken)
    {
        if (IsSandbox)
        {
            var text = await sandbox(Configuration.Request.Database.WorkingFolder, observer, cancellationToken);
            return ConnectionResolver.Resolve(Configuration, ConnectionSources.Sandbox(text, Configuration), command: null, observer);
        }

        var choice = _choice.Value ?? throw ConnectionSources.Missing(Configuration);
        var command = PasswordCommand.Find(Configuration, choice);
        if (command is not null)
        {
            choice.Overlay(ConnectionParameters.Password, await command.AskAsync(observer, cancellationToken));
        }

        return ConnectionResolver.Resolve(Configuration, choice, command, observer);
    }
}
