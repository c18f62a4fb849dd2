using System.Net.Sockets;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Connections;

/// <summary>A host that is a folder: what the tests' servers lack is played by a relay to their port.</summary>
public sealed class UnixSocketTests
{
    [Fact]
    public async Task A_session_goes_through_a_socket_in_a_folder()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        using var folder = new MigrationFolder();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(folder.PathOf(".s.PGSQL.5432")));
        listener.Listen();
        var relay = RelayAsync(listener, database, TestContext.Current.CancellationToken);
        var request = new DatabaseRequest
        {
            WorkingFolder = folder.Path,
            ConnectionString = $"Host={folder.Path};Port=5432;Username={database.UserName};Password={database.Password};Database={database.Name}",
        };
        var observer = new RecordingObserver();
        await using var opened = new OpenedDatabases { Variables = new Dictionary<string, string>(StringComparer.Ordinal) };
        var resolved = await opened.Open(new() { Database = request }).Opened.ResolveAsync(observer, TestContext.Current.CancellationToken);

        await using (var session = await Session.OpenAsync(resolved, SessionPurpose.ReadOnly, observer, TestContext.Current.CancellationToken))
        {
            Assert.Equal(database.Server.Major, session.ServerVersion.Major);
        }

        await relay;
    }

    static async Task RelayAsync(Socket listener, TestDatabase database, CancellationToken cancellationToken)
    {
        using var client = await listener.AcceptAsync(cancellationToken);
        using var server = new TcpClient();
        await server.ConnectAsync(database.Host, database.Port, cancellationToken);
        await using var near = new NetworkStream(client);
        var far = server.GetStream();
        await Task.WhenAny(near.CopyToAsync(far, cancellationToken), far.CopyToAsync(near, cancellationToken));
    }
}
