using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace VividShift.Migrations.Host;

/// <summary>A PowerShell session with the module imported.</summary>
sealed class Session : IDisposable
{
    readonly Lock _guard = new();
    readonly Runspace _runspace;
    PowerShell? _running;
    bool _stopped;

    public Session(ConsoleHost host)
    {
        Host = host;

        // Not CreateDefault: that one looks for the snap-ins of pwsh, which are not here.
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        _runspace = RunspaceFactory.CreateRunspace(host, state);
        _runspace.Open();
        Invoke(shell => shell.AddCommand("Import-Module").AddParameter("Name", ModuleManifest.Find()).AddParameter(
            "ErrorAction", ActionPreference.Stop));
    }

    public ConsoleHost Host { get; }

    /// <summary>True when a script was stopped from outside.</summary>
    public bool Stopped
    {
        get
        {
            lock (_guard)
            {
                return _stopped;
            }
        }
    }

    /// <summary>Runs a script and shows what it emits. False when it ended by an error or showed one.</summary>
    public bool Run(string script)
    {
        lock (_guard)
        {
            _stopped = false;
        }

        return ScriptPieces.Of(script).All(piece => !Stopped && RunPiece(piece) && Host.ExitCode is null) && !Host.UI.ShowedError;
    }

    /// <summary>What the session's prompt function says.</summary>
    public string Prompt() => string.Concat(Invoke(shell => shell.AddCommand("prompt")));

    /// <summary>Stops what runs. Returns at once: the run ends when the server has rolled back.</summary>
    public void Stop()
    {
        lock (_guard)
        {
            _stopped = true;
            _running?.BeginStop(callback: null, state: null);
        }
    }

    public void Dispose() => _runspace.Dispose();

    // False when the script has ended with it.
    bool RunPiece(string script)
    {
        try
        {
            Invoke(shell =>
            {
                // Errors go through Out-Default, too: it gives them their views and keeps them in order with the output.
                shell.AddScript(script);
                shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
                shell.AddCommand("Out-Default");
            });
        }
        catch (PipelineStoppedException) when (Stopped)
        {
            return false;
        }
        catch (ParseException e)
        {
            // PowerShell's view of errors shows nothing of this one when there was no command yet that it belongs to.
            Host.UI.WriteErrorLine(e.Message);
            return false;
        }
        catch (RuntimeException e)
        {
            Host.UI.ShowsErrors = true;
            Invoke(shell => shell.AddCommand("Out-Default").AddParameter("InputObject", e.ErrorRecord));
            Host.UI.ShowsErrors = false;
            return false;
        }

        return true;
    }

    List<PSObject> Invoke(Action<PowerShell> compose)
    {
        using var shell = PowerShell.Create(_runspace);
        compose(shell);
        lock (_guard)
        {
            _running = shell;
        }

        try
        {
            return [.. shell.Invoke()];
        }
        finally
        {
            lock (_guard)
            {
                _running = null;
            }
        }
    }
}
