using System.Management.Automation;
using System.Management.Automation.Runspaces;
using VividShift.Migrations.Hooks;
using Shell = System.Management.Automation.PowerShell;

namespace VividShift.Migrations.PowerShell;

/// <summary>
/// Runs the script of a hook, until it ends or is stopped. What it emits is told as information, so that it cannot be taken for a result of
/// the run; whatever it throws, or writes as an error, fails the hook.
/// </summary>
static class HookScript
{
    /// <summary>The tag of information records that hold what the script of a hook emitted.</summary>
    public const string HookTag = "VsHook";

    // Errors, warnings and information of a nested pipeline would go to the host alone, past the redirections and variables of the caller.
    const string Call = "param($Path, $Context) $ErrorActionPreference = 'Stop'; & $Path -Context $Context 2>&1 3>&1 6>&1";

    /// <summary>In the session of the user. To be called on the pipeline thread.</summary>
    /// <remarks>
    /// A nested pipeline, and not InvokeScript: it is the one thing in PowerShell that another thread can stop without stopping the cmdlet.
    /// </remarks>
    /// <exception cref="MigrationException">HookFailed.</exception>
    /// <exception cref="OperationCanceledException">It was stopped by the token.</exception>
    /// <exception cref="PipelineStoppedException">The pipeline of the user is being stopped, and so was the script.</exception>
    public static void Run(PSCmdlet cmdlet, string path, HookContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var shell = Shell.Create(RunspaceMode.CurrentRunspace);
        shell.AddScript(Call, useLocalScope: true).AddParameter("Path", path).AddParameter("Context", context);
        using var output = new PSDataCollection<PSObject>();
        output.DataAdded += (_, added) => Tell(cmdlet, output[added.Index]);
        try
        {
            using (cancellationToken.Register(() => shell.BeginStop(null, null)))
            {
                shell.Invoke<PSObject>(input: null, output);
            }
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException && !cancellationToken.IsCancellationRequested)
        {
            throw Failed(e);
        }
        catch (RuntimeException) when (cancellationToken.IsCancellationRequested && !cmdlet.Stopping)
        {
            // What a finally block of a stopped script throws tells less than that it was stopped.
            throw new OperationCanceledException(cancellationToken);
        }

        // A nested pipeline that was stopped may also return as if it had ended.
        if (shell.InvocationStateInfo.State == PSInvocationState.Stopped)
        {
            throw cancellationToken.IsCancellationRequested && !cmdlet.Stopping
                ? new OperationCanceledException(cancellationToken)
                : new PipelineStoppedException();
        }
    }

    /// <summary>
    /// In a session of its own, for when the user's pipeline is being stopped and runs nothing any more. Nobody is left to be shown what it
    /// emits.
    /// </summary>
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
        catch (RuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RuntimeException e)
        {
            throw Failed(e);
        }
    }

    static void Tell(PSCmdlet cmdlet, PSObject? item)
    {
        switch (item?.BaseObject)
        {
            case null:
                break;
            case InformationRecord information:
                cmdlet.WriteInformation(information);
                break;
            case WarningRecord warning:
                cmdlet.WriteWarning(warning.Message);
                break;
            // Programs write progress to standard error as often as errors; what they are worth their exit code says.
            case ErrorRecord error when !error.FullyQualifiedErrorId.StartsWith("NativeCommandError", StringComparison.Ordinal):
                cmdlet.WriteWarning(BuildAgentText.Escape(error.ToString()));
                break;
            default:
                cmdlet.WriteInformation(BuildAgentText.Escape(LanguagePrimitives.ConvertTo<string>(item)), [HookTag]);
                break;
        }
    }

    static MigrationException Failed(RuntimeException e) => new(MigrationErrorCode.HookFailed, e.ErrorRecord.ToString(), innerException: e) { DatabaseState = null };
}
