using System.Management.Automation;
using VividShift.Migrations.Backup;
using VividShift.Migrations.PowerShell.Completers;

namespace VividShift.Migrations.PowerShell;

/// <summary>A cmdlet that works on backups that are there.</summary>
public abstract class VsBackupCmdlet : VsConnectionCmdlet
{
    /// <summary>Folders of backups, or the folders of single ones; wildcards are allowed. Default: as configured.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Only backups with this tag; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(BackupTagCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Tag { get; set; }

    /// <summary>What the parameters mean.</summary>
    /// <exception cref="MigrationException">PathNotFound.</exception>
    protected BackupSelection Selection() => new()
    {
        Folders = [.. (Path ?? []).SelectMany(path => SessionPaths.Wildcard(SessionState.Path, path))],
        Tag = Tag,
    };

    /// <summary>Looks into the folders.</summary>
    protected BackupListing List(BackupSelection selection) => Run((database, _, stop) => database.Backups.ListAsync(selection, stop));
}
