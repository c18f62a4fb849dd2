using System.Net.Sockets;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Connections;

/// <summary>A Unix socket in a folder that leads to a server's port: what the tests' servers lack.</summary>
sealed class SocketRelay : IAsyncDisposable
{
    readonly MigrationFolder _parent = new();
    readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly CancellationTokenSource _stop = new();
    readonly TestDatabase _database;
    readonly Task _serving;

    internal SocketRelay(TestDatabase database, string folder = "sockets")
    {
        _database = database;
        Folder = Directory.CreateDirectory(_parent.PathOf(folder)).FullName;
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(Folder, ".s.PGSQL.5432")));
        _listener.Listen();
        _serving = ServeAsync();
    }

    /// <summary>The folder; the port of the socket is 5432.</summary>
    internal string Folder { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
        _parent.Dispose();
    }

    async Task ServeAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                clients.Add(RelayAsync(await _listener.AcceptAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(clients);
        }
    }

    async Task RelayAsync(Socket client)
    {
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(_database.Host, _database.Port, _stop.Token);
            await using var near = new NetworkStream(client, ownsSocket: true);
            var far = server.GetStream();
            await await Task.WhenAny(near.CopyToAsync(far, _stop.Token), far.CopyToAsync(near, _stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // One side hung up, or the test is over.
        }
    }
}
