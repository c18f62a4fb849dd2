namespace VividShift.Migrations.Sandbox;

/// <summary>Starts, finds and stops private servers.</summary>
public interface ISandboxService
{
    /// <summary>The server of a folder, started if it does not run.</summary>
    /// <exception cref="MigrationException">SandboxFailed or ToolMissing.</exception>
    Task<SandboxServer> StartAsync(string projectFolder, IMigrationObserver observer, CancellationToken cancellationToken);

    /// <summary>The server of a folder; null when none was ever made there.</summary>
    Task<SandboxServer?> FindAsync(string projectFolder, CancellationToken cancellationToken);

    /// <summary>Stops the server of a folder and, if asked, deletes its data. Does nothing when there is none.</summary>
    Task StopAsync(string projectFolder, bool remove, IMigrationObserver observer, CancellationToken cancellationToken);
}
