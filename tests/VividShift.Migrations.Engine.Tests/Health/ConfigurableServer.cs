using System.Security.Cryptography;
using Npgsql;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Engine.Sandbox;
using VividShift.Migrations.Health;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Health;

/// <summary>A server of one test alone, which may set it as badly as it likes and start it again. Not durable, without checksums.</summary>
sealed class ConfigurableServer : IAsyncDisposable
{
    readonly ServerCluster _cluster;
    readonly UnprivilegedUser _user;
    readonly ServerAddress _address;

    ConfigurableServer(ServerCluster cluster, UnprivilegedUser user, ServerAddress address) => (_cluster, _user, _address) = (cluster, user, address);

    public int Major => _cluster.Binaries.Major;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ConfigurableServer> StartAsync(int major, params string[] settings)
    {
        var user = await UnprivilegedUser.FindAsync(Token);
        var binaries = await HealthServers.BinariesAsync(new BinaryLocator(user), major);
        var folder = ClusterFolder.Next("vividshift-settings-");
        Directory.CreateDirectory(folder);
        await user.GiveAsync(folder, Token);
        var cluster = new ServerCluster(binaries, user, Path.Combine(folder, "data"), Path.Combine(folder, "log"));
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        await new ClusterInitializer(binaries, user, durable: false).MakeAsync(cluster.DataFolder, "vividshift", password, settings, Token);
        var port = await cluster.StartAsync(null, CancellationToken.None);
        return new(cluster, user, new("127.0.0.1", port, "vividshift", password, "postgres"));
    }

    /// <summary>Stops it and starts it with options on its command line.</summary>
    public async Task RestartAsync(string options)
    {
        await _cluster.StopAsync("fast", CancellationToken.None);
        var run = await ExternalProgram.RunAsync(
            _user.Command(
                _cluster.Binaries.PgCtl, "start", "-s", "-w", "-D", _cluster.DataFolder, "-l", _cluster.DataFolder + ".log",
                "-o", FormattableString.Invariant($"-p {_address.Port} {options}")),
            CancellationToken.None);
        Assert.True(run.Succeeded, run.Text);
    }

    public async Task<IReadOnlyList<Finding>> TestAsync()
    {
        var request = new MigrationRequest { Database = new() { WorkingFolder = Path.GetTempPath(), ConnectionString = _address.ConnectionString } };
        await using var database = await new MigrationEngine().OpenAsync(request, Token);
        return await database.Health.TestAsync(new() { Groups = [HealthGroup.Server] }, new RecordingObserver(), Token);
    }

    public async Task ExecuteAsync(params string[] statements)
    {
        await using var connection = new NpgsqlConnection(_address.ConnectionString);
        await connection.OpenAsync(Token);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(Token);
        }
    }

    /// <summary>Waits until new sessions see something: the postmaster tells of a reload in its own time.</summary>
    public async Task UntilAsync(string condition)
    {
        while (true)
        {
            await using var connection = new NpgsqlConnection(_address.ConnectionString);
            await connection.OpenAsync(Token);
            await using var command = new NpgsqlCommand($"SELECT {condition}", connection);
            if (await command.ExecuteScalarAsync(Token) is true)
            {
                return;
            }

            await Task.Delay(20, Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAsync("immediate", CancellationToken.None);
        Directory.Delete(Path.GetDirectoryName(_cluster.DataFolder)!, recursive: true);
    }
}
