using System.Management.Automation;
using VividShift.Migrations.Backup;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Lists the backups of a folder, newest first.</summary>
/// <remarks>
/// <para>
/// Reads the manifests and nothing else: the files of a backup are checked by Test-VsBackup. A folder whose manifest is missing, damaged or
/// edited is an error record and never passed over in silence. Unfinished backups are not listed.
/// </para>
/// <para>Verified is true when the newest trial restore passed; Verification tells when, where and what was compared.</para>
/// <para>No database is connected to, and nothing is written.</para>
/// </remarks>
/// <example>
/// <para>See what there is</para>
/// <code>Get-VsBackup</code>
/// <para>The folder is backupFolder of the configuration, else backups in the current location.</para>
/// </example>
/// <example>
/// <para>The rows of each table in the newest backup</para>
/// <code>(Get-VsBackup -Latest).Manifest.Fingerprints</code>
/// <para>Schema, table, number of rows and hash, as they were in the snapshot.</para>
/// </example>
/// <example>
/// <para>The newest one from before a migration, tested</para>
/// <code>Get-VsBackup -Tag pre-migration* -Latest | Test-VsBackup</code>
/// <para>Nothing comes out when the files are those of the manifest.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "VsBackup", DefaultParameterSetName = ConfiguredSet)]
[OutputType(typeof(DatabaseBackup))]
public sealed class GetVsBackupCommand : VsBackupCmdlet
{
    /// <summary>Only backups whose folder has this name; wildcards are allowed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Only the newest of those that fit.</summary>
    [Parameter]
    public SwitchParameter Latest { get; set; }

    /// <inheritdoc/>
    protected override void Execute()
    {
        var listing = List(Selection() with { Names = Name ?? [], Latest = Latest });
        foreach (var damaged in listing.Damaged)
        {
            WriteError(damaged);
        }

        WriteObject(listing.Backups, enumerateCollection: true);
    }
}
