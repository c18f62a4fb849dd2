using VividShift.Migrations.Hooks;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Hooks;

/// <summary>A PowerShell script, which the cmdlet runs in the session of the user.</summary>
sealed class ScriptHook(HookDescription description, bool continueOnError, string path) : Hook(description, continueOnError)
{
    public override async Task RunAsync(HookContext context, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        try
        {
            await observer.RunScriptAsync(path, context, cancellationToken);
        }
        catch (MigrationException e)
        {
            throw new HookProblemException(e.Message.TrimEnd('.'), e);
        }
    }
}
