using System.Globalization;
using System.IO.Compression;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Restore;

/// <summary>A database with something in it, a folder for dumps of it, and an engine.</summary>
sealed class Shop : IAsyncDisposable
{
    const string Content = """
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, mood mood);
        CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL REFERENCES customers, total numeric(10, 2));
        INSERT INTO customers SELECT n, 'customer ' || n, 'good' FROM generate_series(1, 20) AS n;
        INSERT INTO orders SELECT n, 1 + n % 20, n * 1.5 FROM generate_series(1, 300) AS n;
        """;

    Shop(TestDatabase database) => Database = database;

    public TestDatabase Database { get; }

    public MigrationFolder Folder { get; } = new();

    /// <summary>What was opened, until the end of the test.</summary>
    public OpenedDatabases Opened { get; } = new();

    public RecordingObserver Observer { get; set; } = new();

    /// <summary>Another connection than that of the owner.</summary>
    public string? ConnectionString { get; set; }

    public TimeSpan? LockTimeout { get; set; } = TimeSpan.Zero;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Shop> CreateAsync()
    {
        var database = await TestDatabase.CreateAsync(Token);
        await database.ExecuteAsync(Content, Token);
        return new Shop(database);
    }

    /// <summary>Opens the database anew, with what is configured now.</summary>
    public DatabaseHandle Open() => Opened.Open(new()
    {
        Database = new() { WorkingFolder = Folder.Path, ConnectionString = ConnectionString ?? Database.ConnectionString, LockTimeout = LockTimeout },
    });

    public static RestoreRequest Of(
        string? path, string? target = null, bool force = false, bool drop = false, IReadOnlyList<string>? tables = null, bool noOwner = false, bool noPrivileges = false, bool verify = false) => new()
        {
            Path = path,
            Verify = verify,
            TargetDatabase = target,
            Force = force,
            DropDatabase = drop,
            Tables = tables ?? [],
            NoOwner = noOwner,
            NoPrivileges = noPrivileges,
            Jobs = 2,
        };

    public Task<DatabaseBackup> BackUpAsync(string? tag = null, IReadOnlyList<string>? tables = null, bool verify = false) => Open().Backups.BackUpAsync(
        new()
        {
            Folder = Folder.PathOf("backups"),
            Tag = tag,
            Jobs = 2,
            Verify = verify,
            Tables = tables ?? [],
            Content = tables is null ? BackupContent.All : BackupContent.Tables,
        },
        Observer,
        Token);

    public Task<RestorePlan> PlanAsync(RestoreRequest request) => Open().Restores.PlanAsync(request, source: null, Observer, Token);

    public async Task<RestoreResult> RestoreAsync(RestoreRequest request) => await RunAsync(await PlanAsync(request));

    /// <summary>Runs a plan that was made before.</summary>
    public Task<RestoreResult> RunAsync(RestorePlan plan, RecordingObserver? observer = null, CancellationToken? stop = null) =>
        Opened.MakerOf(plan.MadeBy).Restores.RunAsync(plan, observer ?? Observer, stop ?? Token);

    public async Task<MigrationException> RefusesAsync(MigrationErrorCode code, RestoreRequest request)
    {
        var before = await DatabasesAsync();
        var error = await Assert.ThrowsAsync<MigrationException>(() => RestoreAsync(request));
        Assert.True(code == error.Code, error.ToString());
        Assert.Equal(before, await DatabasesAsync());
        return error;
    }

    /// <summary>A dump by pg_dump of this machine.</summary>
    public async Task<string> DumpAsync(string name, params string[] options)
    {
        var path = Folder.PathOf(name);
        var start = ExternalProgram.Describe("pg_dump", [
            .. options, "--no-password", $"--file={path}", "-h", Database.Host, "-p", Database.Port.ToString(CultureInfo.InvariantCulture), "-U", Database.UserName, "-d", Database.Name]);
        start.Environment["PGPASSWORD"] = Database.Password;
        var run = await ExternalProgram.RunAsync(start, Token);
        Assert.True(run.Succeeded, run.Text);
        return path;
    }

    public static async Task<string> CompressedAsync(string path)
    {
        await using (var from = File.OpenRead(path))
        await using (var to = new GZipStream(File.Create(path + ".gz"), CompressionLevel.Fastest))
        {
            await from.CopyToAsync(to, Token);
        }

        return path + ".gz";
    }

    /// <summary>The databases whose names begin as this one's.</summary>
    public async Task<IReadOnlyList<string>> DatabasesAsync() =>
    [
        .. (await Database.QueryAsync($"SELECT datname::text FROM pg_database WHERE left(datname, 30) = left('{Database.Name}', 30) ORDER BY 1", Token)).Select(row => (string)row[0]!),
    ];

    /// <summary>Rows of a table in one of the server's databases.</summary>
    public async Task<long> RowsAsync(string table, string? database = null)
    {
        await using var connection = new Npgsql.NpgsqlConnection(
            new Npgsql.NpgsqlConnectionStringBuilder(Database.ConnectionString) { Database = database ?? Database.Name }.ConnectionString);
        await connection.OpenAsync(Token);
        await using var command = new Npgsql.NpgsqlCommand($"SELECT count(*) FROM {table}", connection);
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }

    public async ValueTask DisposeAsync()
    {
        await Opened.DisposeAsync();
        var others = (await DatabasesAsync()).Where(name => name != Database.Name).ToList();
        foreach (var name in others)
        {
            await Database.Server.Address.DropDatabaseAsync(name);
        }

        await Database.DisposeAsync();
        Folder.Dispose();
    }
}
