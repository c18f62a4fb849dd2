using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Hooks;

/// <summary>Hooks around runs.</summary>
/// <param name="resolver">Finds the database for hooks of SQL.</param>
/// <param name="environment">The environment variables; null means the process's, as they are when a request comes.</param>
sealed class HookService(ConnectionResolver resolver, IReadOnlyDictionary<string, string>? environment = null) : IHookService
{
    /// <summary>How long hooks for failure may take together once the user has pressed Ctrl+C.</summary>
    public TimeSpan PatienceAfterStop { get; init; } = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public IReadOnlyList<HookDescription> Describe(MigrationRequest request) => [.. Read(request).Hooks.Select(hook => hook.Description)];

    /// <inheritdoc/>
    public async Task AroundAsync(
        RunRequest request, IMigrationObserver observer, Func<IMigrationObserver, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var (hooks, environmentName) = request.Hooks && request.AgreedSteps > 0 ? Read(request.Migrations) : ([], string.Empty);
        if (hooks.Count == 0)
        {
            await work(observer, cancellationToken);
            return;
        }

        var results = new ResultKeeper(observer);
        var runner = new HookRunner(hooks, observer);
        var context = ContextOf(request, environmentName, HookEvent.BeforeRun);
        try
        {
            await runner.BeforeAsync(context, "Nothing was changed: no migration was run.", cancellationToken);
            await work(results, cancellationToken);
            await runner.AfterAsync(context with { Event = HookEvent.AfterRun, Results = results.Results }, cancellationToken);
        }
        catch (Exception e)
        {
            // Not the token that may just have been cancelled; and not for ever, since somebody wants to get out.
            using var limit = new CancellationTokenSource();
            if (cancellationToken.IsCancellationRequested)
            {
                limit.CancelAfter(PatienceAfterStop);
            }

            await CleanUpAsync(runner, observer, Failure(context, results, e), limit.Token);
            throw;
        }
    }

    /// <summary>The hooks of each migration of a run.</summary>
    public MigrationHooks OfMigrations(RunRequest request, IMigrationObserver observer)
    {
        var (hooks, environmentName) = request.Hooks ? Read(request.Migrations) : ([], string.Empty);
        return new(new HookRunner(hooks, observer), ContextOf(request, environmentName, HookEvent.BeforeMigration));
    }

    static async Task CleanUpAsync(HookRunner runner, IMigrationObserver observer, HookContext context, CancellationToken cancellationToken)
    {
        try
        {
            await runner.AfterAsync(context, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The failure itself is what the user must see.
            observer.Report(new WarningRaised("The hooks onFailure were not finished: they took too long after the run was stopped."));
        }
    }

    static HookContext Failure(HookContext context, ResultKeeper results, Exception exception) => context with
    {
        Event = HookEvent.OnFailure,
        Results = results.Results,
        Error = exception is OperationCanceledException ? "The run was stopped." : exception.Message,
        ErrorCode = (exception as MigrationException)?.Code,
    };

    static HookContext ContextOf(RunRequest request, string environmentName, HookEvent moment) => new()
    {
        Event = moment,
        Environment = environmentName,
        Database = request.Agreed.Database,
        Direction = request.Plan.Direction,
        Versions = [.. request.Agreed.Steps.Take(request.AgreedSteps).Select(step => step.Version)],
    };

    (IReadOnlyList<Hook> Hooks, string Environment) Read(MigrationRequest request)
    {
        var configuration = LoadedConfiguration.Load(request, environment ?? Variables.OfProcess(), ConnectionParameters.KnownSettings);
        return (
            new HookReader(configuration, (observer, stop) => resolver.ResolveAsync(request, observer, stop)).Read(),
            configuration.Environment.Value);
    }
}
