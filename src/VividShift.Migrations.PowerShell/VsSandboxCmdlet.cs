using System.Management.Automation;

namespace VividShift.Migrations.PowerShell;

/// <summary>A cmdlet that works on the private servers of project folders.</summary>
public abstract class VsSandboxCmdlet : VsCmdlet
{
    readonly List<string> _folders = [];

    /// <summary>
    /// The project folders, taken as they are written; each has a server of its own. Default: the current location. Takes what
    /// Get-VsSandbox emits.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[]? ProjectFolder { get; set; }

    /// <summary>The folders, absolute, each once. They need not exist: a project that was deleted may have left its server
    /// behind.</summary>
    protected IEnumerable<string> Folders => _folders.Distinct();

    /// <inheritdoc/>
    protected override void CollectInput() => _folders.AddRange(ProjectFolder is null
        ? [SessionState.Path.CurrentFileSystemLocation.ProviderPath]
        : ProjectFolder.Select(path => SessionPaths.ResolveUnresolvedPath(SessionState.Path, path)));
}
