using VividShift.Migrations.Backup;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Engine.Sandbox;
using VividShift.Migrations.Engine.Tests.Backup;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Restore;

/// <summary>A database on the server of one major, a folder for backups of it, and client programs of one's choice.</summary>
sealed class MajorFixture : IAsyncDisposable
{
    // Of what differs from row to row, so that a row that is lost, doubled or changed shows; by the test's own query and not by our hashes.
    const string Sums =
        """"
        SELECT (SELECT count(*) || '/' || sum(hashtext(u::text)::bigint) FROM users u) || ' ' || (SELECT count(*) || '/' || sum(hashtext(e::text)::bigint) FROM events e)
            || ' ' || (SELECT count(*) || '/' || sum(hashtext(o::text)::bigint) FROM "Odd Schema"."a=b 'c' ""d""" o)
            || ' ' || (SELECT encode(lo_get(4711), 'hex')) || ' ' || (SELECT last_value FROM downwards)
        """";

    MajorFixture(TestDatabase database) => Database = database;

    public TestDatabase Database { get; }

    public PostgresServer Server => Database.Server;

    public MigrationFolder Folder { get; } = new();

    /// <summary>What was opened, until the end of the test.</summary>
    public OpenedDatabases Opened { get; } = new();

    public RecordingObserver Observer { get; } = new();

    /// <summary>The folder of client programs; at first those of the server's own version.</summary>
    public string? Programs { get; set; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<MajorFixture> CreateAsync(int major, string content = BackupFixture.Content) =>
        await CreateAsync(await PostgresServer.ForMajorAsync(major, Token), content);

    public static async Task<MajorFixture> CreateAsync(PostgresServer server, string content = BackupFixture.Content)
    {
        var database = await TestDatabase.CreateAsync(server, Token);
        await database.ExecuteAsync(content, Token);
        return new(database) { Programs = server.ProgramFolder };
    }

    public Task<DatabaseBackup> BackUpAsync(Func<BackupRequest, BackupRequest>? change = null, string? database = null)
    {
        var request = new BackupRequest { Folder = Folder.PathOf("backups"), Jobs = 2, ProgramFolder = Programs };
        return Open(database).Backups.BackUpAsync(change?.Invoke(request) ?? request, Observer, Token);
    }

    public Task<IReadOnlyList<Finding>> TestAsync(DatabaseBackup backup) =>
        Open().Backups.TestAsync(new() { Folder = backup.Folder, Restore = true, ProgramFolder = Programs }, Observer, Token);

    public RestoreRequest Of(string path, string? target = null, bool drop = false, bool force = false, int jobs = 2) =>
        new() { Path = path, TargetDatabase = target, DropDatabase = drop, Force = force, Jobs = jobs, ProgramFolder = Programs };

    public Task<RestorePlan> PlanAsync(RestoreRequest request) => Open().Restores.PlanAsync(request, source: null, Observer, Token);

    public async Task<RestoreResult> RestoreAsync(RestoreRequest request) => await RunAsync(await PlanAsync(request));

    /// <summary>Runs a plan that was made before.</summary>
    public Task<RestoreResult> RunAsync(RestorePlan plan) => Opened.MakerOf(plan.MadeBy).Restores.RunAsync(plan, Observer, Token);

    /// <summary>A plain script of it, by the pg_dump of <see cref="Programs"/>.</summary>
    public async Task<string> DumpAsync(string name)
    {
        var path = Folder.PathOf(name);
        var program = Programs is null ? "pg_dump" : ServerBinaries.Program(Programs, "pg_dump");
        var start = ExternalProgram.Describe(program, ["--no-password", $"--file={path}", $"--dbname={Database.Url}"]);
        var run = await ExternalProgram.RunAsync(start, Token);
        Assert.True(run.Succeeded, run.Text);
        return path;
    }

    /// <summary>Opens the database, or another one of the server, anew.</summary>
    public IDatabase Open(string? database = null) => Opened.Open(new()
    {
        Database = new() { WorkingFolder = Folder.Path, ConnectionString = ConnectionStringOf(database ?? Database.Name), LockTimeout = TimeSpan.FromSeconds(5) },
    });

    /// <summary>Counts and sums of the content of <see cref="BackupFixture"/>.</summary>
    public async Task<string> SumsAsync(string? database = null) => (string)(await QueryAsync(Sums, database))!;

    /// <summary>The first value of a query in one of the server's databases.</summary>
    public async Task<object?> QueryAsync(string sql, string? database = null)
    {
        await using var connection = new Npgsql.NpgsqlConnection(ConnectionStringOf(database ?? Database.Name));
        await connection.OpenAsync(Token);
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token) is var value && value is DBNull ? null : value;
    }

    /// <summary>The databases whose names begin as this one's.</summary>
    public async Task<IReadOnlyList<string>> DatabasesAsync() =>
    [
        .. (await Database.QueryAsync($"SELECT datname::text FROM pg_database WHERE left(datname, 30) = left('{Database.Name}', 30) ORDER BY 1", Token))
            .Select(row => (string)row[0]!),
    ];

    /// <summary>A request that is refused while everything stays as it is.</summary>
    public async Task<MigrationException> RefusesAsync(MigrationErrorCode code, RestoreRequest request)
    {
        var before = await DatabasesAsync();
        var error = await Assert.ThrowsAsync<MigrationException>(() => RestoreAsync(request));
        Assert.True(code == error.Code, error.ToString());
        Assert.Contains("Nothing was changed.", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await DatabasesAsync());
        return error;
    }

    string ConnectionStringOf(string database) =>
        new Npgsql.NpgsqlConnectionStringBuilder(Database.ConnectionString) { Database = database }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await Opened.DisposeAsync();
        foreach (var name in (await DatabasesAsync()).Where(name => name != Database.Name))
        {
            await Server.Address.DropDatabaseAsync(name);
        }

        await Database.DisposeAsync();
        Folder.Dispose();
    }
}
