using System.Management.Automation;
using System.Management.Automation.Runspaces;
using VividShift.Migrations.Hooks;
using Shell = System.Management.Automation.PowerShell;

namespace VividShift.Migrations.PowerShell;

/// <summary>
/// Runs the script of a hook. What it emits is told as information, so that it cannot be taken for a result of the run; whatever it throws, or writes as
/// an error, fails the hook.
/// </summary>
static class HookScript
{
    /// <summary>The tag of information records that hold what the script of a hook emitted.</summary>
    public const string HookTag = "VsHook";

    const string Call = "param($Path, $Context) $ErrorActionPreference = 'Stop'; & $Path -Context $Context";

    /// <summary>In the session of the user. To be called on the pipeline thread.</summary>
    /// <exception cref="MigrationException">HookFailed.</exception>
    public static void Run(PSCmdlet cmdlet, string path, HookContext context)
    {
        try
        {
            foreach (var item in cmdlet.InvokeCommand.InvokeScript(Call, useNewScope: true, PipelineResultTypes.None, input: null, path, context))
            {
                if (item is not null)
                {
                    cmdlet.WriteInformation(BuildAgentText.Neutralise(LanguagePrimitives.ConvertTo<string>(item)), [HookTag]);
                }
            }
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            throw Failed(e);
        }
    }

    /// <summary>In a session of its own, for when the user's pipeline is being stopped and runs nothing any more. Nobody is left to be shown what it emits.</summary>
    /// <exception cref="MigrationException">HookFailed.</exception>
    public static async Task RunApartAsync(string path, HookContext context, CancellationToken cancellationToken)
    {
        // CreateDefault2 is the core alone, which every host has; other modules load when they are used.
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = Shell.Create();
        shell.Runspace = runspace;
        shell.AddScript(Call).AddParameter("Path", path).AddParameter("Context", context);
        try
        {
            await using (cancellationToken.Register(() => shell.BeginStop(null, null)))
            {
                await Task.Factory.FromAsync(shell.BeginInvoke(), shell.EndInvoke);
            }
        }
        catch (PipelineStoppedException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RuntimeException e)
        {
            throw Failed(e);
        }
    }

    static MigrationException Failed(RuntimeException e) => new(MigrationErrorCode.HookFailed, e.ErrorRecord.ToString(), e);
}
