using System.Management.Automation;
using VividShift.Migrations.Sandbox;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Starts a private PostgreSQL server for a project folder.</summary>
/// <remarks>
/// <para>
/// Makes the server at first use and starts it afterwards; when it runs already, it is shown as it is. The other cmdlets use it with
/// -Sandbox, and start it themselves where needed. It goes on running when the shell ends: Stop-VsSandbox stops it.
/// </para>
/// <para>
/// The server listens on 127.0.0.1 only, on a random free port, with a random password, and never runs as root: a root shell hands it to
/// the user postgres or nobody. Database and role are both named vividshift; the role is a superuser of this server.
/// </para>
/// <para>
/// PostgreSQL's programs are looked for in the folder that VIVIDSHIFT_PGBIN names, on PATH, and where Debian, Homebrew and the Windows
/// installer put them; a machine without any downloads them once. Data lies in the user's data folder, or where VIVIDSHIFT_SANDBOX_HOME
/// says.
/// </para>
/// </remarks>
/// <example>
/// <para>Start the server of this folder</para>
/// <code>Start-VsSandbox</code>
/// <para>The first time takes some seconds, as a data folder is made.</para>
/// </example>
/// <example>
/// <para>Try the migrations of this folder without touching any other database</para>
/// <code>Invoke-VsMigration -Sandbox</code>
/// <para>The sandbox is started where needed, so Start-VsSandbox is not asked for first.</para>
/// </example>
/// <example>
/// <para>See how a server comes up, of another project</para>
/// <code>Start-VsSandbox -ProjectFolder ../shop -Verbose</code>
/// <para>Tells which programs are used, as which user, and where the data is.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Start, "VsSandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SandboxServer))]
public sealed class StartVsSandboxCommand : VsSandboxCmdlet
{
    /// <inheritdoc/>
    protected override void Execute()
    {
        foreach (var folder in Folders)
        {
            if (ShouldProcess(folder, "Start the sandbox server"))
            {
                WriteObject(Run((observer, stop) => EngineLoader.Engine.Sandbox.StartAsync(folder, observer, stop)));
            }
        }
    }
}
