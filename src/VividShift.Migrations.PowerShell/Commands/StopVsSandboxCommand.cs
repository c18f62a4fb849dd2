using System.Management.Automation;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Stops the private PostgreSQL server of a project folder.</summary>
/// <remarks>
/// <para>
/// Sessions that are open are rolled back and ended, and the data is kept for the next Start-VsSandbox. With -Remove the data goes too.
/// A folder without a sandbox, or whose server is stopped already, is no error.
/// </para>
/// </remarks>
/// <example>
/// <para>Stop the server of this folder and keep its data</para>
/// <code>Stop-VsSandbox</code>
/// <para>The next start brings the same databases back, on the same port when it is still free.</para>
/// </example>
/// <example>
/// <para>Begin afresh</para>
/// <code>Stop-VsSandbox -Remove; Start-VsSandbox</code>
/// <para>Deletes every database of the sandbox, then makes an empty one.</para>
/// </example>
/// <example>
/// <para>See what would be removed</para>
/// <code>Get-VsSandbox -ProjectFolder ../shop | Stop-VsSandbox -Remove -WhatIf</code>
/// <para>Nothing is stopped and nothing is deleted.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Stop, "VsSandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(void))]
public sealed class StopVsSandboxCommand : VsSandboxCmdlet
{
    /// <summary>Delete the data as well: every database of the sandbox, its log and its password.</summary>
    [Parameter]
    public SwitchParameter Remove { get; set; }

    /// <inheritdoc/>
    protected override void Execute()
    {
        foreach (var folder in Folders)
        {
            if (ShouldProcess(folder, Remove ? "Remove the sandbox and its data" : "Stop the sandbox server"))
            {
                Run((observer, stop) => EngineLoader.Engine.Sandbox.StopAsync(folder, Remove, observer, stop));
            }
        }
    }
}
