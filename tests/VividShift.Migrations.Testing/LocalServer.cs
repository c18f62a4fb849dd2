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

    // Reads until the pipe from the tests ends, which the system sees to however they end, Ctrl+C and kill -9 included.
    const string Watch = """read -r _; "$1" stop -s -m immediate -D "$2/data"; rm -rf "$2" """;

    // Kept for as long as the process lives: their open inputs are the sign of life.
    static readonly ConcurrentBag<Process> Guards = [];

    public static async Task<ServerAddress> StartAsync(ServerBinaries binaries) => (await StartAsync(binaries, [])).Address;

    /// <summary>Starts one with more settings; the answer has the file of its log.</summary>
    public static async Task<(ServerAddress Address, string Log)> StartAsync(ServerBinaries binaries, IEnumerable<string> settings)
    {
        var user = await UnprivilegedUser.FindAsync(CancellationToken.None);
        var folder = ClusterFolder.Next("vividshift-test-");
        Directory.CreateDirectory(folder);
        await user.GiveAsync(folder, CancellationToken.None);
        var cluster = new ServerCluster(binaries, user, Path.Combine(folder, "data"), Path.Combine(folder, "log"));
        Guard(cluster, user, folder);
        var address = new ServerAddress("127.0.0.1", 0, "vividshift", Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), "postgres");
        await new ClusterInitializer(binaries, user, durable: false)
            .MakeAsync(cluster.DataFolder, address.UserName, address.Password, [.. Settings, .. settings], CancellationToken.None);
        return (address with { Port = await cluster.StartAsync(null, CancellationToken.None) }, Path.Combine(folder, "log"));
    }

    static void Guard(ServerCluster cluster, UnprivilegedUser user, string folder)
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
