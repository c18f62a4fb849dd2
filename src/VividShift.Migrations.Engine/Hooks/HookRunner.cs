using VividShift.Migrations.Hooks;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Hooks;

/// <summary>Runs the hooks of an event, one after the other, and decides what a failure means.</summary>
sealed class HookRunner(IReadOnlyList<Hook> hooks, IMigrationObserver observer)
{
    /// <summary>True when there is one for an event.</summary>
    public bool Has(HookEvent moment) => Of(moment).Any();

    /// <summary>Runs hooks that come before something: the first failure ends it.</summary>
    /// <param name="context">What they are told.</param>
    /// <param name="state">What state the database is in should one fail, in a sentence.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="MigrationException">HookFailed.</exception>
    public async Task BeforeAsync(HookContext context, string state, CancellationToken cancellationToken)
    {
        foreach (var hook in Of(context.Event))
        {
            if (await TryAsync(hook, context, cancellationToken) is { } problem)
            {
                throw new MigrationException(
                    MigrationErrorCode.HookFailed,
                    Failed(hook, problem),
                    "Fix what the hook needs and run again, or run without hooks by -NoHook.",
                    problem) { DatabaseState = state, Target = hook.Description };
            }
        }
    }

    /// <summary>Runs hooks that come after something: what is done is done, so a failure is a warning and the next one runs all the same.</summary>
    public async Task AfterAsync(HookContext context, CancellationToken cancellationToken)
    {
        foreach (var hook in Of(context.Event))
        {
            if (await TryAsync(hook, context, cancellationToken) is { } problem)
            {
                observer.Report(new WarningRaised(Failed(hook, problem)));
            }
        }
    }

    IEnumerable<Hook> Of(HookEvent moment) => hooks.Where(hook => hook.Description.Event == moment);

    /// <summary>What went wrong and matters; null when nothing did.</summary>
    async Task<HookFailedException?> TryAsync(Hook hook, HookContext context, CancellationToken cancellationToken)
    {
        observer.Report(new VerboseMessage($"{hook.Description} ({hook.Description.Source})."));
        try
        {
            await hook.RunAsync(context, observer, cancellationToken);
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

    static string Failed(Hook hook, HookFailedException problem) =>
        $"The hook {HookDescription.Name(hook.Description.Event)} ({hook.Description.Action}, {hook.Description.Source}) failed: {problem.Message}.";
}
