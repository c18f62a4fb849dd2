using System.ComponentModel;
using Npgsql;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sandbox;

namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>Starts, finds and stops the private server of a project folder.</summary>
/// <param name="variable">Reads an environment variable.</param>
/// <param name="client">Downloads server programs where a machine has none; null: the library's own.</param>
internal sealed class SandboxService(Func<string, string?> variable, HttpClient? client) : ISandboxService
{
    public SandboxService()
        : this(Environment.GetEnvironmentVariable, client: null)
    {
    }

    /// <inheritdoc/>
    public Task<SandboxServer> StartAsync(string projectFolder, IMigrationObserver observer, CancellationToken cancellationToken)
        => GuardAsync(async () => (await RunningAsync(projectFolder, observer, cancellationToken)).Server);

    /// <summary>An Npgsql connection string for the project's database; the server is started where needed.</summary>
    /// <exception cref="MigrationException">SandboxFailed or ToolMissing.</exception>
    internal Task<string> ConnectionStringAsync(string projectFolder, IMigrationObserver observer, CancellationToken cancellationToken)
        => GuardAsync(async () =>
        {
            var (server, state) = await RunningAsync(projectFolder, observer, cancellationToken);
            return SandboxDatabase.ConnectionString(server.Port!.Value, state);
        });

    /// <inheritdoc/>
    public Task<SandboxServer?> FindAsync(string projectFolder, CancellationToken cancellationToken)
        => GuardAsync(async () =>
        {
            var place = await PlaceAsync(projectFolder, await UnprivilegedUser.FindAsync(cancellationToken), cancellationToken);
            return await SandboxState.ReadAsync(place, cancellationToken) is { } state
                ? Describe(place, state, await AnsweringAsync(place, state, cancellationToken))
                : null;
        });

    /// <inheritdoc/>
    public Task StopAsync(string projectFolder, bool remove, IMigrationObserver observer, CancellationToken cancellationToken)
        => GuardAsync(async () =>
        {
            var user = await UnprivilegedUser.FindAsync(cancellationToken);
            var place = await PlaceAsync(projectFolder, user, cancellationToken);
            if (!place.Exists)
            {
                return false;
            }

            using var held = await SandboxLock.TakeAsync(place, () => TellWaiting(place, observer), cancellationToken);
            if (await PostmasterFile.FindLiveAsync(place.DataFolder, cancellationToken) is { } live)
            {
                observer.Report(new VerboseMessage(
                    FormattableString.Invariant($"Stopping the sandbox server of '{place.ProjectFolder}' (process {live.ProcessId}).")));
                await ServerCluster.Serving(user, place).StopAsync("fast", cancellationToken);
            }
            if (remove && place.Exists)
            {
                observer.Report(new VerboseMessage($"Deleting '{place.Folder}'."));
                Directory.Delete(place.Folder, recursive: true);
            }
            return true;
        });

    async Task<(SandboxServer Server, SandboxState State)> RunningAsync(
        string projectFolder, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var user = await UnprivilegedUser.FindAsync(cancellationToken);
        var place = await PlaceAsync(projectFolder, user, cancellationToken);
        // Nearly always it runs already, and then nobody needs to queue.
        if (await SandboxState.ReadAsync(place, cancellationToken) is { } known
            && await AnsweringAsync(place, known, cancellationToken) is { } answering)
        {
            return (Describe(place, known, answering), known);
        }

        if (!Directory.Exists(place.ProjectFolder))
        {
            throw new MigrationException(
                MigrationErrorCode.PathNotFound,
                $"The folder '{place.ProjectFolder}' does not exist.",
                "Name the project's folder.");
        }
        await SandboxRoot.PrepareAsync(place, user, cancellationToken);
        using var held = await SandboxLock.TakeAsync(place, () => TellWaiting(place, observer), cancellationToken);
        var locator = new BinaryLocator(user, variable);
        var starter = new SandboxStarter(place, user, new BinaryChoice(locator, new EmbeddedBinaries(locator, client)), observer);
        var state = await starter.StartAsync(cancellationToken);
        var live = await AnsweringAsync(place, state, cancellationToken)
            ?? throw new MigrationException(
                MigrationErrorCode.SandboxFailed,
                $"The sandbox server of '{place.ProjectFolder}' was started and is gone again.",
                $"Its log is '{place.LogFile}'.")
            {
                DatabaseState = "Its data is as it was.",
            };
        return (Describe(place, state, live), state);
    }

    async Task<SandboxPaths> PlaceAsync(string projectFolder, UnprivilegedUser user, CancellationToken cancellationToken)
        => new(await SandboxRoot.FindAsync(user, variable, cancellationToken), projectFolder);

    static async Task<PostmasterFile?> AnsweringAsync(SandboxPaths place, SandboxState state, CancellationToken cancellationToken)
        => await PostmasterFile.FindLiveAsync(place.DataFolder, cancellationToken) is { } live
            && await SandboxDatabase.AnswersAsync(live.Port, state, cancellationToken)
            ? live
            : null;

    static SandboxServer Describe(SandboxPaths place, SandboxState state, PostmasterFile? live) => new()
    {
        ProjectFolder = place.ProjectFolder,
        DataFolder = place.DataFolder,
        Running = live is not null,
        Port = live?.Port,
        ProcessId = live?.ProcessId,
        ServerVersion = state.ServerVersion,
        BinaryFolder = state.BinaryFolder,
        Database = SandboxDatabase.Name,
        UserName = SandboxDatabase.Name,
    };

    static void TellWaiting(SandboxPaths place, IMigrationObserver observer)
        => observer.Report(new VerboseMessage($"Another process is starting or stopping the sandbox of '{place.ProjectFolder}'; waiting for it."));

    // Only Core's exception may leave the engine.
    static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InvalidPassword)
        {
            throw new MigrationException(
                MigrationErrorCode.SandboxFailed,
                "The sandbox server does not accept the password that was made for it.",
                SandboxFailure.BeginAfresh,
                refused)
            {
                DatabaseState = "It runs, and nobody can sign in.",
            };
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or Win32Exception or NpgsqlException)
        {
            throw new MigrationException(
                MigrationErrorCode.SandboxFailed,
                $"The sandbox could not be used: {failed.Message}",
                $"Fix that and try again. If its data may go: {SandboxFailure.BeginAfresh}",
                failed)
            {
                DatabaseState = "Get-VsSandbox shows whether it runs.",
            };
        }
    }
}

/// <summary>Lets one process at a time start or stop a project's server. The system lets go of it when a process dies.</summary>
internal sealed class SandboxLock : IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    readonly FileStream _held;

    SandboxLock(FileStream held) => _held = held;

    /// <summary>Waits for it.</summary>
    /// <param name="place">Whose; its home exists.</param>
    /// <param name="onWaiting">Called once when somebody else has it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SandboxLock> TakeAsync(SandboxPaths place, Action onWaiting, CancellationToken cancellationToken)
    {
        var waiting = new Backoff(Pause);
        for (var first = true; ; first = false)
        {
            try
            {
                return new SandboxLock(new FileStream(place.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException busy) when (IsHeld(busy) && waiting.Elapsed < Timeout)
            {
                if (first)
                {
                    onWaiting();
                }
            }
            catch (IOException busy) when (IsHeld(busy))
            {
                throw new MigrationException(
                    MigrationErrorCode.SandboxFailed,
                    $"Another process has been starting or stopping the sandbox of '{place.ProjectFolder}' for {Timeout.TotalMinutes:0} minutes.",
                    $"End that process; it holds '{place.LockFile}'.",
                    busy)
                {
                    DatabaseState = "This one changed nothing.",
                };
            }
            await waiting.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();

    // ERROR_SHARING_VIOLATION, and EWOULDBLOCK of Linux and of macOS: .NET has no exception of its own for it.
    static bool IsHeld(IOException refused) => refused.HResult is unchecked((int)0x80070020) or 11 or 35;
}
