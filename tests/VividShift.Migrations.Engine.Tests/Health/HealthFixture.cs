using Npgsql;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;
using VividShift.Migrations.Sql;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Health;

/// <summary>A database of its own on a healthy server, a project folder, and an engine that examines the one with the other.</summary>
sealed class HealthFixture : IAsyncDisposable
{
    readonly ServerAddress _server;

    HealthFixture(ServerAddress server, ServerAddress database) => (_server, Address) = (server, database);

    public ServerAddress Address { get; }

    /// <summary>The major version of the server.</summary>
    public Task<int> MajorAsync() => ScalarAsync<int>("SELECT current_setting('server_version_num')::int / 10000");

    public MigrationFolder Folder { get; } = new();

    /// <summary>What was opened, until the end of the test.</summary>
    public OpenedDatabases Opened { get; } = new();

    /// <summary>Replaces the superuser's connection.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Folders of migrations; none: the folder "migrations" of the project, which need not be there.</summary>
    public IReadOnlyList<string> Paths { get; set; } = [];

    public RecordingObserver Observer { get; } = new();

    public MigrationRequest Request => new()
    {
        Database = new() { WorkingFolder = Folder.Path, ConnectionString = ConnectionString ?? Address.ConnectionString },
        Paths = Paths,
    };

    /// <summary>Opens the database anew, with what is configured now.</summary>
    public IDatabase Open() => Opened.Open(Request);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<HealthFixture> CreateAsync(HealthServers.Server server)
    {
        var address = server.Address with { Database = "health_" + Guid.NewGuid().ToString("N") };
        await ExecuteAsync(server.Address, $"CREATE DATABASE {address.Database}");
        return new(server.Address, address);
    }

    /// <summary>Examines everything, or some groups, with the thresholds that are meant to be in use.</summary>
    public Task<IReadOnlyList<Finding>> TestAsync(params HealthGroup[] groups) => TestAsync(HealthThresholds.Default, groups);

    public Task<IReadOnlyList<Finding>> TestAsync(HealthThresholds thresholds, params HealthGroup[] groups) =>
        TestWithAsync(new HealthRequest { Groups = groups, Thresholds = thresholds });

    public Task<IReadOnlyList<Finding>> TestWithAsync(HealthRequest request) => Open().Health.TestAsync(request, Observer, Token);

    /// <summary>Applies migrations, at most so many.</summary>
    public async Task MigrateAsync(int? count = null)
    {
        var database = Open();
        var plan = await database.Migrations.PlanAsync(new() { Count = count }, Observer, Token);
        await Observer.RunAsync(database, new() { Agreed = plan, AgreedSteps = plan.Steps.Count }, Token);
    }

    /// <summary>Runs one or more statements, each alone, as psql does.</summary>
    public Task ExecuteAsync(string sql) => ExecuteAsync(Address, sql);

    /// <summary>The same in another database of the server.</summary>
    public Task ExecuteElsewhereAsync(string database, string sql) => ExecuteAsync(Address with { Database = database }, sql);

    /// <summary>Drops another database of the server.</summary>
    public Task DropElsewhereAsync(string database) => _server.DropDatabaseAsync(database);

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(Address.ConnectionString);
        await connection.OpenAsync(Token);
        return connection;
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Token) is { } value and not DBNull ? (T)value : default;
    }

    /// <summary>Fails with all that is said of what should not be there.</summary>
    public static void AssertNone(IEnumerable<Finding> findings)
    {
        var said = findings.Select(f => $"{f.Severity} {f.Rule} {f.DatabaseObject}: {f.Message} {f.Evidence}").ToList();
        Assert.True(said.Count == 0, string.Join('\n', said));
    }

    /// <summary>The only finding of a rule, its SQL run, and proof that it is gone.</summary>
    public async Task<Finding> MendsAsync(string rule, string databaseObject, HealthThresholds? thresholds = null, params HealthGroup[] groups)
    {
        var found = Assert.Single(await TestAsync(thresholds ?? HealthThresholds.Default, groups), f => f.Rule == rule && f.DatabaseObject == databaseObject);
        Assert.NotNull(found.FixSql);
        await ExecuteAsync(found.FixSql);
        Assert.DoesNotContain(await TestAsync(thresholds ?? HealthThresholds.Default, groups), f => f.Rule == rule && f.DatabaseObject == databaseObject);
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await Opened.DisposeAsync();
        Folder.Dispose();
        await _server.DropDatabaseAsync(Address.Database);
    }

    static async Task ExecuteAsync(ServerAddress address, string sql)
    {
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync(CancellationToken.None);
        var script = SqlScript.Parse(sql);
        Assert.Empty(script.Problems);
        foreach (var statement in script.Statements)
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(script.TextOf(statement)) } };
            await batch.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
