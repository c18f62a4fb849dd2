using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Connections;

/// <summary>A host that is a folder.</summary>
public sealed class UnixSocketTests
{
    [Fact]
    public async Task A_session_goes_through_a_socket_in_a_folder()
    {
        await using var database = await TestDatabase.CreateAsync(TestContext.Current.CancellationToken);
        using var folder = new MigrationFolder();
        await using var relay = new SocketRelay(database);
        var request = new DatabaseRequest
        {
            WorkingFolder = folder.Path,
            ConnectionString = $"Host={relay.Folder};Port=5432;Username={database.UserName};Password={database.Password};Database={database.Name}",
        };
        var observer = new RecordingObserver();
        await using var opened = new OpenedDatabases { Variables = new Dictionary<string, string>(StringComparer.Ordinal) };
        var resolved = await opened.Open(new() { Database = request }).Opened.ResolveAsync(observer, TestContext.Current.CancellationToken);

        await using (var session = await Session.OpenAsync(resolved, SessionPurpose.ReadOnly, observer, TestContext.Current.CancellationToken))
        {
            Assert.Equal(database.Server.Major, session.ServerVersion.Major);
        }
    }
}
