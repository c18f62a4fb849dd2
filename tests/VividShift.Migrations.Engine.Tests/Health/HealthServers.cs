using System.Collections.Concurrent;
using System.Security.Cryptography;
using VividShift.Migrations.Engine.Sandbox;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Health;

/// <summary>
/// Servers that nothing is wrong with: durable, with checksums, unlike those that the other tests share. One for each major that the tests
/// run on; they are stopped and removed at the end.
/// </summary>
public sealed class HealthServers : IAsyncLifetime
{
    static readonly string[] Settings =
        ["max_prepared_transactions = 10", "max_replication_slots = 5", "wal_level = logical", "autovacuum_naptime = '1d'", "max_wal_senders = 5"];

    readonly ConcurrentDictionary<int, Lazy<Task<Server>>> _servers = new();

    /// <summary>The majors to test on, as rows of a theory: the default one, and those of <c>VIVIDSHIFT_TEST_PGBINS</c>.</summary>
    public static IEnumerable<object[]> Majors => PostgresServer.MajorRows;

    /// <summary>A new database on the server of a major.</summary>
    internal async Task<HealthFixture> BenchAsync(int major = PostgresServer.DefaultMajor) =>
        await HealthFixture.CreateAsync(await _servers.GetOrAdd(major, m => new(() => StartAsync(m))).Value);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var starting in _servers.Values)
        {
            var server = await starting.Value;
            await server.Cluster.StopAsync("immediate", CancellationToken.None);
            Directory.Delete(Path.GetDirectoryName(server.Cluster.DataFolder)!, recursive: true);
        }
    }

    static async Task<Server> StartAsync(int major)
    {
        var user = await UnprivilegedUser.FindAsync(CancellationToken.None);
        var binaries = await BinariesAsync(new BinaryLocator(user), major);
        var folder = ClusterFolder.Next("vividshift-health-");
        Directory.CreateDirectory(folder);
        await user.GiveAsync(folder, CancellationToken.None);
        var cluster = new ServerCluster(binaries, user, Path.Combine(folder, "data"), Path.Combine(folder, "log"));
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        await new ClusterInitializer(binaries, user, durable: true).MakeAsync(cluster.DataFolder, "vividshift", password, Settings, CancellationToken.None);
        var port = await cluster.StartAsync(null, CancellationToken.None);
        return new(cluster, new("127.0.0.1", port, "vividshift", password, "postgres"));
    }

    internal static async Task<ServerBinaries> BinariesAsync(BinaryLocator locator, int major)
    {
        if (major == PostgresServer.DefaultMajor)
        {
            return await locator.FindAsync(CancellationToken.None).FirstAsync();
        }

        var folders = Environment.GetEnvironmentVariable("VIVIDSHIFT_TEST_PGBINS")!.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var folder in folders)
        {
            if (await locator.ProbeAsync(folder, CancellationToken.None) is { } found && found.Major == major)
            {
                return found;
            }
        }

        throw new InvalidOperationException(FormattableString.Invariant($"VIVIDSHIFT_TEST_PGBINS names no folder with PostgreSQL {major}."));
    }

    internal sealed record Server(ServerCluster Cluster, ServerAddress Address);
}
