using System.Management.Automation;
using VividShift.Migrations.Sandbox;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Shows the private PostgreSQL server of a project folder.</summary>
/// <remarks>
/// <para>
/// Emits one object for each folder that has a sandbox, whether it runs or not, and nothing for a folder that never had one. Running is
/// true only when the server answers. The password is not shown; -Sandbox on the other cmdlets knows it.
/// </para>
/// <para>Nothing is started and nothing is written.</para>
/// </remarks>
/// <example>
/// <para>See whether the sandbox of this folder runs</para>
/// <code>Get-VsSandbox</code>
/// <para>No output means that there is none.</para>
/// </example>
/// <example>
/// <para>See where its data and its programs are</para>
/// <code>Get-VsSandbox | Format-List</code>
/// <para>The list view has everything that the table leaves out.</para>
/// </example>
/// <example>
/// <para>Start it only when it is needed</para>
/// <code>if (-not (Get-VsSandbox).Running) { Start-VsSandbox }</code>
/// <para>Start-VsSandbox alone does the same, as starting a server that runs changes nothing.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "VsSandbox")]
[OutputType(typeof(SandboxServer))]
public sealed class GetVsSandboxCommand : VsSandboxCmdlet
{
    /// <inheritdoc/>
    protected override void Execute()
    {
        foreach (var folder in Folders)
        {
            if (Run((_, stop) => EngineLoader.Engine.Sandbox.FindAsync(folder, stop)) is { } server)
            {
                WriteObject(server);
            }
        }
    }
}
