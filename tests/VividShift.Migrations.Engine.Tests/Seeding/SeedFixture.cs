using VividShift.Migrations.Seeding;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Seeding;

/// <summary>A database, a folder of seeds and an engine between them.</summary>
sealed class SeedFixture : IAsyncDisposable
{
    SeedFixture(TestDatabase database) => Database = database;

    public TestDatabase Database { get; }

    public MigrationFolder Folder { get; } = new();

    /// <summary>What was opened, until the end of the test.</summary>
    public OpenedDatabases Opened { get; } = new();

    /// <summary>Replaces the connection of the database's owner.</summary>
    public string? ConnectionString { get; set; }

    public string? Environment { get; set; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<SeedFixture> CreateAsync(string schema)
    {
        var fixture = new SeedFixture(await TestDatabase.CreateAsync(Token));
        await fixture.Database.ExecuteAsync(schema, Token);
        return fixture;
    }

    /// <summary>Opens the database anew, with what is configured now.</summary>
    public IDatabase Open() => Opened.Open(new()
    {
        Database = new()
        {
            WorkingFolder = Folder.Path,
            ConnectionString = ConnectionString ?? Database.ConnectionString,
            Environment = Environment,
            LockTimeout = TimeSpan.FromSeconds(1),
        },
    });

    public static SeedRequest Request(bool force = false, params string[] names) => new() { Names = names, Force = force };

    public Task<SeedPlan> PlanAsync(SeedRequest? request = null) => Open().Seeds.PlanAsync(request ?? Request(), new RecordingObserver(), Token);

    /// <summary>Runs a plan that was made before.</summary>
    public Task RunAsync(SeedPlan plan, RecordingObserver? observer = null, CancellationToken? token = null)
    {
        observer ??= new();
        return observer.TakeAsync(Opened.MakerOf(plan.MadeBy).Seeds.RunAsync(plan, plan.Steps, observer, token ?? Token), token ?? Token);
    }

    /// <summary>Plans and runs everything; the answer is one line for each file.</summary>
    public async Task<IReadOnlyList<string>> SeedAsync(SeedRequest? request = null, RecordingObserver? observer = null)
    {
        observer ??= new();
        await RunAsync(await Open().Seeds.PlanAsync(request ?? Request(), observer, Token), observer);
        return [.. observer.Seeds.Select(seed => FormattableString.Invariant(
            $"{seed.Name} {seed.Outcome}{(seed.Inserted is null ? "" : $" {seed.Table} {seed.Inserted}+{seed.Updated}~{seed.Unchanged}")}"))];
    }

    public async Task<MigrationException> FailsAsync(MigrationErrorCode code = MigrationErrorCode.SeedFailed, SeedRequest? request = null)
    {
        var error = await Assert.ThrowsAsync<MigrationException>(() => SeedAsync(request));
        Assert.True(code == error.Code, error.Message);
        return error;
    }

    /// <summary>What a query answers: rows by lines, values by bars.</summary>
    public async Task<string> AskAsync(string sql)
    {
        var rows = await Database.QueryAsync(sql, Token);
        return string.Join('\n', rows.Select(
            row => string.Join('|', row.Select(value => value switch { null => "NULL", bool b => b ? "t" : "f", _ => value.ToString() }))));
    }

    public async ValueTask DisposeAsync()
    {
        await Opened.DisposeAsync();
        Folder.Dispose();
        await Database.DisposeAsync();
    }
}
