namespace VividShift.Migrations.Hooks;

/// <summary>Runs the scripts of hooks: PowerShell is on the other side of the wall.</summary>
public interface IScriptHost
{
    /// <summary>Runs a PowerShell script in the user's session and waits for its end; what it emits is shown and is no result.</summary>
    /// <param name="path">The script's file.</param>
    /// <param name="context">Its parameter.</param>
    /// <param name="cancellationToken">Stops the script. Its end is waited for, unless the user's pipeline is ending.</param>
    /// <exception cref="MigrationException">HookFailed, with what the script threw as its message.</exception>
    /// <exception cref="OperationCanceledException">The script was stopped.</exception>
    Task RunScriptAsync(string path, HookContext context, CancellationToken cancellationToken);
}
