using VividShift.Migrations.Hooks;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Hooks;

/// <summary>The hooks of one run, one method for each event. Those of an event run one after the other.</summary>
/// <param name="hooks">All of them.</param>
/// <param name="context">What they are told of the run.</param>
/// <param name="observer">Is told which hook runs.</param>
/// <param name="scripts">Runs those that are scripts.</param>
/// <param name="timeoutAfterStop">How long hooks for failure may take together once the run was stopped.</param>
sealed class RunHooks(
    IReadOnlyList<Hook> hooks, HookContext context, IMigrationObserver observer, IScriptHost scripts, TimeSpan timeoutAfterStop)
{
    /// <summary>Before anything is written.</summary>
    /// <exception cref="MigrationException">HookFailed.</exception>
    public Task BeforeRunAsync(CancellationToken cancellationToken) =>
        BeforeAsync(context with { Event = HookEvent.BeforeRun }, "Nothing was changed: no migration was run.", cancellationToken);

    /// <summary>For a migration that was not begun.</summary>
    /// <exception cref="MigrationException">HookFailed; says which migrations of the run are done.</exception>
    public Task BeforeMigrationAsync(PlanStep step, IReadOnlyList<MigrationResult> done, CancellationToken cancellationToken) =>
        // What they are told names all that is done, which is not to be put together for nobody: the work would grow with the square of a run.
        Has(HookEvent.BeforeMigration)
            ? BeforeAsync(Of(HookEvent.BeforeMigration, step, done), StateText(step, done), cancellationToken)
            : Task.CompletedTask;

    /// <summary>For a migration that is durable.</summary>
    public Task AfterMigrationAsync(PlanStep step, IReadOnlyList<MigrationResult> done, CancellationToken cancellationToken) =>
        Has(HookEvent.AfterMigration)
            ? AfterAsync(Of(HookEvent.AfterMigration, step, done), cancellationToken)
            : Task.CompletedTask;

    /// <summary>For a run that ended well.</summary>
    public Task AfterRunAsync(IReadOnlyList<MigrationResult> done, CancellationToken cancellationToken) =>
        AfterAsync(context with { Event = HookEvent.AfterRun, Results = [.. done] }, cancellationToken);

    /// <summary>For a run that failed or was stopped. Not under the run's token, which that may have cancelled.</summary>
    /// <param name="done">What is durable all the same.</param>
    /// <param name="failure">Why; null when nobody takes the results any more.</param>
    /// <param name="stopping">True when somebody wants to get out: then not for ever.</param>
    public async Task OnFailureAsync(IReadOnlyList<MigrationResult> done, Exception? failure, bool stopping)
    {
        using var limit = new CancellationTokenSource(stopping ? timeoutAfterStop : Timeout.InfiniteTimeSpan);
        try
        {
            await AfterAsync(
                context with
                {
                    Event = HookEvent.OnFailure,
                    Results = [.. done],
                    Error = failure is null or OperationCanceledException ? "The run was stopped." : failure.Message,
                    ErrorCode = (failure as MigrationException)?.Code,
                },
                limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The failure itself is what the user must see.
            observer.Report(new WarningRaised("The hooks onFailure were not finished: they took too long after the run was stopped."));
        }
    }

    /// <summary>What comes before something: the first failure ends it.</summary>
    async Task BeforeAsync(HookContext told, string state, CancellationToken cancellationToken)
    {
        foreach (var hook in For(told.Event))
        {
            if (await TryAsync(hook, told, cancellationToken) is { } problem)
            {
                throw new MigrationException(
                    MigrationErrorCode.HookFailed,
                    Failed(hook, problem),
                    "Fix what the hook needs and run again, or run without hooks by -NoHook.",
                    problem)
                {
                    DatabaseState = state,
                    Target = hook.Description,
                };
            }
        }
    }

    /// <summary>What comes after something: what is done is done, so a failure is a warning and the next one runs all the same.</summary>
    async Task AfterAsync(HookContext told, CancellationToken cancellationToken)
    {
        foreach (var hook in For(told.Event))
        {
            if (await TryAsync(hook, told, cancellationToken) is { } problem)
            {
                observer.Report(new WarningRaised(Failed(hook, problem)));
            }
        }
    }

    /// <summary>What went wrong and matters; null when nothing did.</summary>
    async Task<HookFailedException?> TryAsync(Hook hook, HookContext told, CancellationToken cancellationToken)
    {
        observer.Report(new VerboseMessage($"{hook.Description} ({hook.Description.Source})."));
        try
        {
            await hook.RunAsync(told, observer, scripts, cancellationToken);
            return null;
        }
        catch (HookFailedException e) when (hook.ContinueOnError)
        {
            observer.Report(new WarningRaised(Failed(hook, e) + " The run goes on, as the hook says."));
            return null;
        }
        catch (HookFailedException e)
        {
            return e;
        }
    }

    IEnumerable<Hook> For(HookEvent moment) => hooks.Where(hook => hook.Description.Event == moment);

    bool Has(HookEvent moment) => For(moment).Any();

    HookContext Of(HookEvent moment, PlanStep step, IReadOnlyList<MigrationResult> done) =>
        context with { Event = moment, Version = step.Version, Description = step.Description, Results = [.. done] };

    static string Failed(Hook hook, HookFailedException problem) =>
        $"The hook {HookDescription.Name(hook.Description.Event)} ({hook.Description.Action}, {hook.Description.Source}) failed: {problem.Message}.";

    static string StateText(PlanStep step, IReadOnlyList<MigrationResult> done) => done.Count == 0
        ? FormattableString.Invariant($"Migration {step.Version} was not begun, and none before it was: nothing was changed.")
        : FormattableString.Invariant(
            $"Migration {step.Version} was not begun; {(step.Direction == MigrationDirection.Up ? "applied" : "reverted")} in this run, and staying so: {string.Join(", ", done.Select(result => result.Version))}.");
}
