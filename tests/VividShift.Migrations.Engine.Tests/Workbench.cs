using VividShift.Migrations.Planning;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests;

/// <summary>A database, a folder of migrations and an engine between them.</summary>
sealed class Workbench : IAsyncDisposable
{
    /// <summary>Advisory locks of this database; the server has others' too.</summary>
    public const string AdvisoryLocks =
        "pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    Workbench(TestDatabase database) => Database = database;

    public TestDatabase Database { get; }

    public MigrationFolder Folder { get; } = new();

    /// <summary>What was opened, until the end of the test.</summary>
    public OpenedDatabases Opened { get; } = new();

    /// <summary>Replaces the connection of the database's owner.</summary>
    public string? ConnectionString { get; set; }

    public TimeSpan? LockTimeout { get; set; }

    public TimeSpan? CommandTimeout { get; set; }

    public MigrationRequest Request => new()
    {
        Database = new()
        {
            WorkingFolder = Folder.Path,
            ConnectionString = ConnectionString ?? Database.ConnectionString,
            LockTimeout = LockTimeout,
            CommandTimeout = CommandTimeout,
        },
        Paths = [Folder.Path],
    };

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Workbench> CreateAsync() => new(await TestDatabase.CreateAsync(Token));

    /// <summary>Opens the database anew, with what is configured now.</summary>
    public IDatabase Open() => Opened.Open(Request);

    public Task<IReadOnlyList<MigrationStatus>> StatusAsync() => Open().Migrations.GetStatusAsync(new RecordingObserver(), Token);

    public Task<MigrationPlan> PlanAsync(PlanRequest? plan = null) => Open().Migrations.PlanAsync(plan ?? new(), new RecordingObserver(), Token);

    public Task<RecordingObserver> UpAsync(PlanRequest? plan = null) => RunAsync(plan ?? new(), new());

    public Task<RecordingObserver> DownAsync(PlanRequest? plan = null) =>
        RunAsync((plan ?? new()) with { Direction = MigrationDirection.Down }, new());

    /// <summary>What a cmdlet does once everything was agreed to.</summary>
    public async Task<RecordingObserver> RunAsync(PlanRequest plan, RecordingObserver observer, CancellationToken? token = null)
    {
        await using var database = Opened.Open(Request);
        var made = await database.Migrations.PlanAsync(plan, observer, token ?? Token);
        made.ThrowIfRefused();
        await observer.RunAsync(database, new() { Agreed = made, AgreedSteps = made.Steps.Count }, token ?? Token);
        return observer;
    }

    /// <summary>Runs a plan that was made before.</summary>
    public Task RunAgreedAsync(MigrationPlan plan, RecordingObserver observer) =>
        observer.RunAsync(Opened.MakerOf(plan.MadeBy), new() { Agreed = plan, AgreedSteps = plan.Steps.Count }, Token);

    public async Task<MigrationException> FailsAsync(MigrationErrorCode code, PlanRequest? plan = null)
    {
        var error = await Assert.ThrowsAsync<MigrationException>(() => RunAsync(plan ?? new(), new()));
        Assert.Equal(code, error.Code);
        return error;
    }

    /// <summary>History as text: version, success, whether its duration is known.</summary>
    public async Task<string> HistoryAsync()
    {
        var rows = await Database.QueryAsync("SELECT version, success, execution_time > 0 FROM _sqlx_migrations ORDER BY version", Token);
        return string.Join(' ', rows.Select(
            r => FormattableString.Invariant($"{r[0]}:{((bool)r[1]! ? "ok" : "unfinished")}{((bool)r[2]! ? string.Empty : ":untimed")}")));
    }

    public Task<long> CountAsync(string sql) => Database.ScalarAsync<long>($"SELECT count(*) FROM {sql}", Token);

    /// <summary>Waits until a relation with its condition has a row.</summary>
    public async Task UntilAsync(string relation)
    {
        while (await CountAsync(relation) == 0)
        {
            await Task.Delay(20, Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Opened.DisposeAsync();
        Folder.Dispose();
        await Database.DisposeAsync();
    }
}
