using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Shell = System.Management.Automation.PowerShell;

namespace VividShift.Migrations.PowerShell.Tests.Hosting;

/// <summary>
/// A PowerShell session with the laid-out module, imported by its manifest as a user would. The hosted engine has no Utility and
/// Management modules, so there is no Select-Object, Sort-Object, Format-Table or Get-ChildItem.
/// </summary>
public sealed class PowerShellSession : IDisposable
{
    readonly TestHost _host = new();
    readonly Runspace _runspace;

    /// <summary>Opens a session whose location is a folder.</summary>
    public PowerShellSession(string? location = null)
    {
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        _runspace = RunspaceFactory.CreateRunspace(_host, state);
        _runspace.Open();
        Run($"$ErrorActionPreference = 'Stop'; Import-Module '{Manifest}'; $ErrorActionPreference = 'Continue'")
            .WithoutErrors();
        if (location is not null)
        {
            _runspace.SessionStateProxy.Path.SetLocation(location);
        }
    }

    /// <summary>The manifest of the module that the build laid out.</summary>
    public static string Manifest { get; } = BuildFacts.Of("ModuleManifest");

    /// <summary>What the user will answer, choice by choice, by its label: Yes, Yes to All, No, No to All.</summary>
    public void Answer(params string[] labels)
    {
        foreach (var label in labels)
        {
            AnswerBy(_ => label);
        }
    }

    /// <summary>What the user will type when asked for a line.</summary>
    public void Type(string line) => _host.UI.Lines.Enqueue(line);

    /// <summary>From now on nobody is there to be asked.</summary>
    public void LeaveAlone() => _host.UI.NonInteractive = true;

    /// <summary>Has the user think about the next question.</summary>
    public void AnswerBy(Func<PromptAsked, string> think) => _host.UI.Answers.Enqueue(think);

    /// <summary>Sets a variable of the session.</summary>
    public void Set(string variable, object? value) => _runspace.SessionStateProxy.SetVariable(variable, value);

    /// <summary>Runs a script to its end.</summary>
    public PowerShellRun Run(string script) => RunAsync(script, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Runs a script and shows its output with the module's views; the answer is <see cref="PowerShellRun.Shown"/>.</summary>
    public string Show(string script) => Run($"& {{ {script} }} | Out-Default").WithoutErrors().Shown;

    /// <summary>Runs a script; cancelling is Ctrl+C.</summary>
    public async Task<PowerShellRun> RunAsync(string script, CancellationToken stop)
    {
        _host.UI.Forget();
        using var shell = Shell.Create(_runspace);
        shell.AddScript(script);
        var output = new PSDataCollection<PSObject>();
        await using (stop.Register(() => shell.BeginStop(null, null)))
        {
            try
            {
                await shell.InvokeAsync<PSObject, PSObject>(null, output);
            }
            catch (PipelineStoppedException) when (stop.IsCancellationRequested)
            {
                Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
            }
        }

        return new PowerShellRun
        {
            Output = [.. output],
            Errors = [.. shell.Streams.Error],
            Warnings = [.. shell.Streams.Warning.Select(record => record.Message)],
            Verbose = [.. shell.Streams.Verbose.Select(record => record.Message)],
            Debug = [.. shell.Streams.Debug.Select(record => record.Message)],
            Information = [.. shell.Streams.Information],
            Progress = [.. _host.UI.Progress],
            Prompts = [.. _host.UI.Prompts],
            Shown = string.Join('\n', _host.UI.Text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())),
            State = shell.InvocationStateInfo.State,
        };
    }

    /// <summary>What Tab offers at the end of a line.</summary>
    public CommandCompletion Complete(string line)
    {
        using var shell = Shell.Create(_runspace);
        return CommandCompletion.CompleteInput(line, line.Length, options: null, shell);
    }

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();
}
