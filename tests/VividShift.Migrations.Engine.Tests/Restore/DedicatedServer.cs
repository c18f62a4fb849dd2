using System.Security.Cryptography;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Engine.Sandbox;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Restore;

/// <summary>A server of one test, for what cannot be asked of the one that all share. It is stopped and removed with the test.</summary>
sealed class DedicatedServer : IAsyncDisposable
{
    readonly ServerCluster _cluster;
    readonly string _folder;

    DedicatedServer(ServerCluster cluster, string folder, PostgresServer server) => (_cluster, _folder, Server) = (cluster, folder, server);

    public PostgresServer Server { get; }

    public string DataFolder => _cluster.DataFolder;

    /// <summary>Makes and starts one.</summary>
    /// <param name="settings">Lines for postgresql.conf.</param>
    /// <param name="dataFolder">Where its data is; null: beside its log. Its parent exists.</param>
    /// <param name="before">The first lines of the script that starts it, as of a shell; null: none.</param>
    public static async Task<DedicatedServer> StartAsync(IEnumerable<string> settings, string? dataFolder = null, string? before = null)
    {
        var user = await UnprivilegedUser.FindAsync(CancellationToken.None);
        var binaries = await new BinaryLocator(user).FindAsync(CancellationToken.None).FirstAsync();
        var folder = ClusterFolder.Next("vividshift-own-");
        Directory.CreateDirectory(folder);
        await user.GiveAsync(folder, CancellationToken.None);
        dataFolder ??= Path.Combine(folder, "data");
        await user.GiveAsync(Path.GetDirectoryName(dataFolder)!, CancellationToken.None);
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        await new ClusterInitializer(binaries, user, durable: false).MakeAsync(dataFolder, "vividshift", password, settings, CancellationToken.None);
        // On a disk of its own, as it should be: a server that cannot write its log ahead goes down as a whole, whatever a restore does.
        await RunAsync("mv", Path.Combine(dataFolder, "pg_wal"), Path.Combine(folder, "wal"));
        File.CreateSymbolicLink(Path.Combine(dataFolder, "pg_wal"), Path.Combine(folder, "wal"));
        if (before is not null)
        {
            binaries = binaries with { Folder = await WrapAsync(binaries, folder, before) };
        }

        var cluster = new ServerCluster(binaries, user, dataFolder, Path.Combine(folder, "log"));
        var port = await cluster.StartAsync(null, CancellationToken.None);
        return new(cluster, folder, await PostgresServer.AtAsync(new("127.0.0.1", port, "vividshift", password, "postgres")));
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAsync("immediate", CancellationToken.None);
        Directory.Delete(_folder, recursive: true);
    }

    static async Task<string> WrapAsync(ServerBinaries binaries, string folder, string before)
    {
        var programs = Path.Combine(folder, "bin");
        Directory.CreateDirectory(programs);
        var path = ServerBinaries.Program(programs, "pg_ctl");
        await File.WriteAllTextAsync(path, $"#!/bin/sh\n{before}\nexec '{binaries.PgCtl}' \"$@\"\n");
        await RunAsync("chmod", "-R", "a+rx", programs);
        return programs;
    }

    static async Task RunAsync(string program, params string[] arguments)
    {
        var run = await ExternalProgram.RunAsync(ExternalProgram.Describe(program, arguments), CancellationToken.None);
        Assert.True(run.Succeeded, run.Text);
    }
}
