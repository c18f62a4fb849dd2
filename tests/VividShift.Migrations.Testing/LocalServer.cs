using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using VividShift.Migrations.Engine.Sandbox;

namespace VividShift.Migrations.Testing;

/// <summary>A throw-away server in a temporary folder that dies, and is removed, with this process.</summary>
internal static class LocalServer
{
    /// <summary>What tests need: room for twenty runners, their watchers and prepared transactions.</summary>
    public static readonly string[] Settings = ["max_connections = 200", "max_prepared_transactions = 10"];

    // Docker gives a container 64 MB of it; a cluster takes 40 and each database 7.
    private const long RoomWanted = 1L << 30;
    private const string SharedMemory = "/dev/shm";

    // Reads until the pipe from the tests ends, which the system sees to however they end, Ctrl+C and kill -9 included.
    private const string Watch = """read -r _; "$1" stop -s -m immediate -D "$2/data"; rm -rf "$2" """;

    // Kept for as long as the process lives: their open inputs are the sign of life.
    private static readonly ConcurrentBag<Process> Guards = [];

    public static async Task<ServerAddress> StartAsync(ServerBinaries binaries)
    {
        var user = await OrdinaryUser.FindAsync(CancellationToken.None);
        var folder = Path.Combine(Parent(), "vividshift-test-" + Path.GetRandomFileName());
        Directory.CreateDirectory(folder);
        await user.GiveAsync(folder, CancellationToken.None);
        var cluster = new ServerCluster(binaries, user, Path.Combine(folder, "data"), Path.Combine(folder, "log"));
        Guard(cluster, user, folder);
        var address = new ServerAddress("127.0.0.1", 0, "vividshift", Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), "postgres");
        await new ClusterMaker(binaries, user, durable: false)
            .MakeAsync(cluster.DataFolder, address.UserName, address.Password, Settings, CancellationToken.None);
        return address with { Port = await cluster.StartAsync(null, CancellationToken.None) };
    }

    private static string Parent()
        => OperatingSystem.IsLinux() && Directory.Exists(SharedMemory) && new DriveInfo(SharedMemory).AvailableFreeSpace > RoomWanted
            ? SharedMemory
            : Path.GetTempPath();

    private static void Guard(ServerCluster cluster, OrdinaryUser user, string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) =>
            {
                cluster.StopAsync("immediate", CancellationToken.None).GetAwaiter().GetResult();
                Directory.Delete(folder, recursive: true);
            };
            return;
        }
        // A session of its own where that can be had, or Ctrl+C would end the guard before its work.
        string[] detach = File.Exists("/usr/bin/setsid") ? ["/usr/bin/setsid"] : ["/usr/bin/env"];
        var start = user.Command(detach[0], "sh", "-c", Watch, "guard", cluster.Binaries.PgCtl, folder);
        start.RedirectStandardOutput = false;
        start.RedirectStandardError = false;
        Guards.Add(Process.Start(start)!);
    }
}
