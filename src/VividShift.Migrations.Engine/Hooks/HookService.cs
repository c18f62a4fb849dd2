using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Hooks;

/// <summary>Hooks around runs.</summary>
sealed class HookService(OpenDatabase opened) : IHookService
{
    readonly Lazy<IReadOnlyList<Hook>> _hooks = new(() => new HookReader(opened).Read());

    /// <summary>How long hooks for failure may take together once the user has pressed Ctrl+C.</summary>
    public TimeSpan PatienceAfterStop { get; init; } = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public IReadOnlyList<HookDescription> Describe() => [.. _hooks.Value.Select(hook => hook.Description)];

    /// <inheritdoc/>
    public async Task AroundAsync(
        RunRequest request, IMigrationObserver observer, Func<IMigrationObserver, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var hooks = request.Hooks && request.AgreedSteps > 0 ? _hooks.Value : [];
        if (hooks.Count == 0)
        {
            await work(observer, cancellationToken);
            return;
        }

        var results = new ResultKeeper(observer);
        var runner = new HookRunner(hooks, observer);
        var context = ContextOf(request, HookEvent.BeforeRun);
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
    public MigrationHooks OfMigrations(RunRequest request, IMigrationObserver observer) =>
        new(new HookRunner(request.Hooks ? _hooks.Value : [], observer), ContextOf(request, HookEvent.BeforeMigration));

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

    HookContext ContextOf(RunRequest request, HookEvent moment) => new()
    {
        Event = moment,
        Environment = opened.Project.Environment,
        Database = request.Agreed.Database,
        Direction = request.Agreed.Request.Direction,
        Versions = [.. request.Agreed.Steps.Take(request.AgreedSteps).Select(step => step.Version)],
    };
}
