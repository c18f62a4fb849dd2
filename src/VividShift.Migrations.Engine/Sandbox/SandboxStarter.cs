using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>Brings a project's server from whatever state it is in to running. The caller holds the lock.</summary>
internal sealed class SandboxStarter(SandboxPaths place, UnprivilegedUser user, BinaryChoice choice, IMigrationObserver observer)
{
    /// <summary>Makes what is missing, starts what does not run, and remembers it.</summary>
    /// <exception cref="MigrationException">SandboxFailed or ToolMissing; then no server was left running that did not run before.</exception>
    public async Task<SandboxState> StartAsync(CancellationToken cancellationToken)
    {
        var state = await SandboxState.ReadAsync(place, cancellationToken) ?? await NewStateAsync(cancellationToken);
        if (await PostmasterFile.FindLiveAsync(place.DataFolder, cancellationToken) is { } live)
        {
            if (await SandboxDatabase.AwaitAnswerAsync(live.Port, state, cancellationToken))
            {
                return state;
            }

            throw new MigrationException(
                MigrationErrorCode.SandboxFailed,
                FormattableString.Invariant($"The sandbox server of '{place.ProjectFolder}' (process {live.ProcessId}) runs and does not answer."),
                $"Its log is '{place.LogFile}'. Stop-VsSandbox stops it, and Start-VsSandbox starts it again.")
            {
                DatabaseState = "Its data is as it was.",
            };
        }
        var binaries = await choice.ForAsync(place, state, cancellationToken);
        if (!Directory.Exists(place.DataFolder))
        {
            observer.Report(new VerboseMessage($"Making a PostgreSQL {binaries.Version} data folder in '{place.DataFolder}'."));
            await new ClusterInitializer(binaries, user, durable: true)
                .MakeAsync(place.DataFolder, SandboxDatabase.Name, state.Password, [], cancellationToken);
        }
        return await StartAsync(new ServerCluster(binaries, user, place.DataFolder, place.LogFile), state, cancellationToken);
    }

    async Task<SandboxState> StartAsync(ServerCluster cluster, SandboxState state, CancellationToken cancellationToken)
    {
        observer.Report(new VerboseMessage(
            $"Starting PostgreSQL {cluster.Binaries.Version} from '{cluster.Binaries.Folder}'"
                + (user.Name is null ? "." : $" as user '{user.Name}'.")));
        var port = await cluster.StartAsync(state.Port, cancellationToken);
        try
        {
            await SandboxDatabase.EnsureAsync(port, state, cancellationToken);
            var started = state.Started(port, cluster.Binaries);
            await started.WriteAsync(place, cancellationToken);
            observer.Report(new VerboseMessage(FormattableString.Invariant($"The sandbox server listens on {SandboxDatabase.Host}:{port}.")));
            return started;
        }
        catch
        {
            // Who started it takes it down again: a server that nobody was told about is a leak.
            await cluster.StopAsync("fast", CancellationToken.None);
            throw;
        }
    }

    // Remembered before the data folder exists: the other way round a crash would leave data without a password.
    async Task<SandboxState> NewStateAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(place.DataFolder))
        {
            throw new MigrationException(
                MigrationErrorCode.SandboxFailed,
                $"The sandbox of '{place.ProjectFolder}' has data and no '{place.StateFile}', which held its password.",
                SandboxFailure.BeginAfresh)
            {
                DatabaseState = "The data is as it was, and nobody can sign in to it.",
            };
        }
        var state = SandboxState.ForNew(place.ProjectFolder);
        await state.WriteAsync(place, cancellationToken);
        return state;
    }
}
