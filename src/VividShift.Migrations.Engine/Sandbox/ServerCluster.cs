using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using VividShift.Migrations.Engine.Processes;

namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>One PostgreSQL data folder, the programs that serve it and the user they run as.</summary>
internal sealed class ServerCluster(ServerBinaries binaries, UnprivilegedUser user, string dataFolder, string logFile)
{
    const int PortAttempts = 10;
    static readonly TimeSpan OrphanPatience = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The cluster of a place by what its server wrote down when it was started: whoever stops it needs the programs that it runs
    /// from, whatever was installed or forgotten since.
    /// </summary>
    public static ServerCluster Serving(UnprivilegedUser user, SandboxPaths place)
    {
        // The program, unquoted, then each argument in quotes.
        var command = File.ReadAllText(Path.Combine(place.DataFolder, "postmaster.opts"));
        var program = command[..command.IndexOf(" \"", StringComparison.Ordinal)];
        var major = File.ReadAllText(Path.Combine(place.DataFolder, "PG_VERSION")).Trim();
        return new ServerCluster(new ServerBinaries(Path.GetDirectoryName(program)!, major), user, place.DataFolder, place.LogFile);
    }

    /// <summary>The programs.</summary>
    public ServerBinaries Binaries => binaries;

    /// <summary>The data folder.</summary>
    public string DataFolder => dataFolder;

    /// <summary>
    /// Starts the server, detached from this process, and waits until it takes connections. Gives back the port: the preferred
    /// one when it is free, else a random one.
    /// </summary>
    /// <remarks>No server may serve the folder; that is for the caller to see to.</remarks>
    /// <exception cref="MigrationException">SandboxFailed, with the end of the server's log.</exception>
    public async Task<int> StartAsync(int? preferredPort, CancellationToken cancellationToken)
    {
        var port = preferredPort is { } last && FreePort.IsFree(last) ? last : FreePort.Next();
        var clock = Stopwatch.StartNew();
        PostmasterFile.Disown(dataFolder);
        for (var attempt = 1; ; attempt++)
        {
            var logStart = LogLength();
            var run = await PgCtlStartAsync(port, cancellationToken);
            if (run.Succeeded)
            {
                return port;
            }

            var log = LogSince(logStart);
            if (log.Contains("could not bind", StringComparison.Ordinal) && attempt < PortAttempts)
            {
                // Somebody took it between our look and the server's.
                port = FreePort.Next();
            }
            else if (log.Contains("pre-existing shared memory block", StringComparison.Ordinal) && clock.Elapsed < OrphanPatience)
            {
                // The postmaster was killed and its children have not noticed yet.
                await Task.Delay(TimeSpan.FromMilliseconds(300), cancellationToken);
            }
            else
            {
                throw Failed("did not start", log.Length > 0 ? log : run.Text, "is not running; its data is as it was");
            }
        }
    }

    /// <summary>Stops the server and waits until it has gone; does nothing when it does not run.</summary>
    /// <param name="mode">pg_ctl's shutdown mode: <c>fast</c> rolls sessions back and checkpoints, <c>immediate</c> just goes.</param>
    /// <param name="cancellationToken">Gives up waiting; the server goes on stopping.</param>
    public async Task StopAsync(string mode, CancellationToken cancellationToken)
    {
        // Asked first, or pg_ctl would signal whoever has the process id of a server that was killed.
        if (await PostmasterFile.FindLiveAsync(dataFolder, cancellationToken) is null)
        {
            return;
        }

        var logStart = LogLength();
        var run = await ExternalProgram.RunAsync(
            user.Command(binaries.PgCtl, "stop", "-s", "-w", "-t", "60", "-D", dataFolder, "-m", mode), cancellationToken);
        // It may have gone by itself meanwhile.
        if (!run.Succeeded && await PostmasterFile.FindLiveAsync(dataFolder, cancellationToken) is not null)
        {
            throw Failed("did not stop", LogSince(logStart) is { Length: > 0 } log ? log : run.Text, "still runs");
        }
    }

    async Task<ProgramOutput> PgCtlStartAsync(int port, CancellationToken cancellationToken)
    {
        var start = user.Command(
            binaries.PgCtl, "start", "-s", "-w", "-t", "60", "-D", dataFolder, "-l", logFile, "-o", FormattableString.Invariant($"-p {port}"));
        // pg_ctl is never killed half-way: the server it has just detached would live on. It is stopped as soon as it can be instead.
        var running = ExternalProgram.RunAsync(start, CancellationToken.None);
        try
        {
            return await running.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            while (!running.IsCompleted)
            {
                await StopAsync("immediate", CancellationToken.None);
                await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None));
            }
            await StopAsync("fast", CancellationToken.None);
            throw;
        }
    }

    long LogLength() => File.Exists(logFile) ? new FileInfo(logFile).Length : 0;

    string LogSince(long start)
    {
        if (!File.Exists(logFile))
        {
            return "";
        }

        using var stream = new FileStream(logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(Math.Min(start, stream.Length), SeekOrigin.Begin);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Trim();
    }

    MigrationException Failed(string what, string said, string state) => new(
        MigrationErrorCode.SandboxFailed,
        $"The sandbox server {binaries.Version} in '{dataFolder}' {what}. {SandboxFailure.Tail(said)}",
        $"The whole log is '{logFile}'. If the data may go: {SandboxFailure.BeginAfresh}")
    {
        DatabaseState = $"The server {state}.",
    };
}

/// <summary>Ports of the loopback address. What is free now may be taken a moment later: whoever uses one must be ready to ask again.</summary>
internal static class FreePort
{
    /// <summary>A port that the system hands out.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>True when the port can be bound now.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
