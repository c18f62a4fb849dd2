using VividShift.Migrations.Hooks;

namespace VividShift.Migrations.Engine.Hooks;

/// <summary>A PowerShell script, which the cmdlet runs in the session of the user.</summary>
/// <param name="description">What it is called.</param>
/// <param name="continueOnError">True when a failure is a warning.</param>
/// <param name="path">The script's file.</param>
/// <param name="timeout">How long it may take.</param>
sealed class ScriptHook(HookDescription description, bool continueOnError, string path, TimeSpan timeout) : Hook(description, continueOnError)
{
    public override async Task RunAsync(
        HookContext context, IMigrationObserver observer, IScriptHost scripts, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await scripts.RunScriptAsync(path, context, limit.Token);
        }
        catch (MigrationException e)
        {
            throw new HookFailedException(e.What.TrimEnd('.'), e);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new HookFailedException(FormattableString.Invariant($"it did not end within {timeout.TotalSeconds} s and was stopped"), e);
        }
    }
}
