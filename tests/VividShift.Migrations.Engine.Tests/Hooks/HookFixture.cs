using VividShift.Migrations.Engine.Hooks;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Hooks;

/// <summary>Three migrations, a database, an application that stands in for the real one, and hooks between them.</summary>
sealed class HookFixture : IAsyncDisposable
{
    HookFixture(Workbench fixture) => Bench = fixture;

    public Workbench Bench { get; }

    public HttpStandIn App { get; } = new();

    /// <summary>What ran, in order: requests, scripts, migrations.</summary>
    public List<string> Story { get; } = [];

    /// <summary>What scripts were told.</summary>
    public List<HookContext> Contexts { get; } = [];

    /// <summary>What a script does beside being remembered.</summary>
    public Func<HookContext, CancellationToken, Task>? Script { get; set; }

    /// <summary>Replaces the engine's own limit for hooks of a run that was stopped.</summary>
    public TimeSpan? Patience { get; set; }

    public RecordingObserver Observer { get; private set; } = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<HookFixture> CreateAsync(string hooks)
    {
        var fixture = new HookFixture(await Workbench.CreateAsync());
        fixture.Bench.Folder.Add("migrations/1_users.sql", "CREATE TABLE users (id int);\n");
        fixture.Bench.Folder.Add("migrations/2_orders.sql", "CREATE TABLE orders (id int);\n");
        fixture.Bench.Folder.Add("migrations/3_notes.sql", "CREATE TABLE notes (id int);\n");
        fixture.Write(hooks);
        return fixture;
    }

    public void Write(string hooks) =>
        Bench.Folder.Add("vividshift.json", $$"""{ "hooks": {{hooks.Replace("APP", App.Url, StringComparison.Ordinal)}} }""");

    public MigrationRequest Request => new() { Database = Bench.Request.Database };

    /// <summary>What a cmdlet does once everything was agreed to.</summary>
    public async Task RunAsync(PlanRequest? wanted = null, bool hooks = true, CancellationToken? token = null, Action<MigrationEvent>? onEvent = null)
    {
        Observer = new()
        {
            OnEvent = told =>
            {
                if (told is MigrationStarted started)
                {
                    Add(FormattableString.Invariant($"migration {started.Version}"));
                }

                onEvent?.Invoke(told);
            },
            OnScript = async (path, context, stop) =>
            {
                Add($"{Path.GetFileName(path)} {HookDescription.Name(context.Event)} {context.Version}".TrimEnd());
                Contexts.Add(context);
                await (Script?.Invoke(context, stop) ?? Task.CompletedTask);
            },
        };
        App.Think = request =>
        {
            Add(request.Line);
            return Task.CompletedTask;
        };
        var database = Bench.Opened.Open(Request);
        var plan = await database.Migrations.PlanAsync(wanted ?? new(), Observer, Token);
        plan.ThrowIfRefused();
        var run = new RunRequest { Agreed = plan, AgreedSteps = plan.Steps.Count, Hooks = hooks };
        if (Patience is { } patience)
        {
            ((HookService)database.Hooks).TimeoutAfterStop = patience;
        }

        await Observer.RunAsync(database, run, token ?? Token);
    }

    public Task<MigrationException> FailsAsync(PlanRequest? wanted = null) => Assert.ThrowsAsync<MigrationException>(() => RunAsync(wanted));

    /// <summary>What reading the hooks says, with these variables and no others.</summary>
    public MigrationException Invalid(Dictionary<string, string>? variables = null)
    {
        var error = Assert.Throws<MigrationException>(() => Describe(variables));
        Assert.Equal(MigrationErrorCode.ConfigurationInvalid, error.Code);
        return error;
    }

    /// <summary>The hooks, with these variables and no others.</summary>
    public IReadOnlyList<HookDescription> Describe(Dictionary<string, string>? variables = null, MigrationRequest? request = null) =>
        new MigrationEngine { Variables = variables ?? [] }.Open(request ?? Request).Hooks.Describe();

    public Task<string> HistoryAsync() => Bench.HistoryAsync();

    public Task<bool> HasHistoryAsync() => Bench.Database.ScalarAsync<bool>("SELECT to_regclass('_sqlx_migrations') IS NOT NULL");

    public string File(string name, string text) => Bench.Folder.Add(name, text);

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Bench.DisposeAsync();
    }

    void Add(string line)
    {
        lock (Story)
        {
            Story.Add(line);
        }
    }
}
