using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Connections;

/// <summary>
/// Passes everything between a client and a server but the <c>options</c> of the start-up message, as PgBouncer does with
/// <c>ignore_startup_parameters = options</c>.
/// </summary>
sealed class ForgetfulPooler : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _end = new();
    readonly TestDatabase _database;
    readonly Task _accepting;

    public ForgetfulPooler(TestDatabase database)
    {
        _database = database;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The database, through it.</summary>
    public string ConnectionString => new Npgsql.NpgsqlConnectionStringBuilder(_database.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        SslMode = Npgsql.SslMode.Disable,
        GssEncryptionMode = Npgsql.GssEncryptionMode.Disable,
    }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting.ContinueWith(_ => { }, TaskScheduler.Default);
        _end.Dispose();
    }

    async Task AcceptAsync()
    {
        while (true)
        {
            _ = PassAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
    }

    async Task PassAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(_database.Host, _database.Port, _end.Token);
            var (near, far) = (client.GetStream(), server.GetStream());
            await far.WriteAsync(await StartUpAsync(near), _end.Token);
            await Task.WhenAny(near.CopyToAsync(far, _end.Token), far.CopyToAsync(near, _end.Token));
        }
    }

    // Int32 length, Int32 protocol, then names and values, each ended by a zero, and a zero.
    async Task<byte[]> StartUpAsync(NetworkStream client)
    {
        var length = new byte[4];
        await client.ReadExactlyAsync(length, _end.Token);
        var rest = new byte[BinaryPrimitives.ReadInt32BigEndian(length) - 4];
        await client.ReadExactlyAsync(rest, _end.Token);
        var words = Encoding.UTF8.GetString(rest, 4, rest.Length - 5).Split('\0')[..^1];
        var kept = words.Chunk(2).Where(pair => pair[0] != "options").SelectMany(pair => pair).Select(word => word + '\0');
        byte[] body = [.. rest.AsSpan(0, 4), .. Encoding.UTF8.GetBytes(string.Concat(kept)), 0];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length + 4);
        return [.. length, .. body];
    }
}
