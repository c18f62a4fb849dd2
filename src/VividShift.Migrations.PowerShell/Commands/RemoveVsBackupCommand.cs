using System.Management.Automation;
using VividShift.Migrations.Backup;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Removes old backups and always leaves the last verified one.</summary>
/// <remarks>
/// <para>
/// Removes the backups that come down the pipeline, or those of a folder that are older than -OlderThan; of each database the newest -Keep
/// stay in any case. The newest verified backup of each database is never removed, whatever was asked: it is the only one that is known to
/// restore. Say which to take by pipeline, -OlderThan or -Keep.
/// </para>
/// <para>
/// Each backup is asked about unless -Confirm:$false is given; -WhatIf lists what would go. A folder whose manifest cannot be read is an
/// error record and stays: nobody knows what is in it.
/// </para>
/// <para>What killed backups left in the folder is removed as well.</para>
/// </remarks>
/// <example>
/// <para>Keep a month, and five at least</para>
/// <code>Remove-VsBackup -OlderThan 30d -Keep 5 -Confirm:$false</code>
/// <para>A database that was not backed up lately keeps its newest five, however old.</para>
/// </example>
/// <example>
/// <para>See what would go</para>
/// <code>Remove-VsBackup -Keep 10 -WhatIf</code>
/// <para>Everything but the newest ten of each database.</para>
/// </example>
/// <example>
/// <para>Those of one purpose</para>
/// <code>Get-VsBackup -Tag pre-migration* | Remove-VsBackup -OlderThan 12h</code>
/// <para>-OlderThan and -Keep narrow what comes down the pipeline.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "VsBackup", DefaultParameterSetName = ConfiguredSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemoveVsBackupCommand : VsBackupCmdlet
{
    readonly List<DatabaseBackup> _piped = [];

    /// <summary>The backups to remove, as Get-VsBackup emits them.</summary>
    [Parameter(ValueFromPipeline = true)]
    public DatabaseBackup[]? InputObject { get; set; }

    /// <summary>Only backups older than this: 30d, 12h, or a TimeSpan.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan OlderThan { get; set; }

    /// <summary>How many of each database stay, the newest first.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Keep { get; set; }

    bool HasInput => MyInvocation.ExpectingInput || IsBound(nameof(InputObject));

    /// <inheritdoc/>
    protected override void CollectInput() => _piped.AddRange(InputObject ?? []);

    /// <inheritdoc/>
    protected override void Execute()
    {
        if (!HasInput && !IsBound(nameof(OlderThan)) && !IsBound(nameof(Keep)))
        {
            var problem = new ParameterBindingException("Say which backups to remove: by pipeline, -OlderThan or -Keep.");
            ThrowTerminatingError(new ErrorRecord(problem, "NothingChosen", ErrorCategory.InvalidArgument, targetObject: null));
        }

        // What stays depends on all that is there, not only on what was chosen.
        var selection = Selection();
        var all = List(HasInput ? selection with { Folders = Parents(), Tag = null } : selection with { Tag = null });
        foreach (var damaged in all.Damaged)
        {
            WriteError(damaged);
        }

        var chosen = HasInput ? [.. _piped] : Tag is null ? all.Backups : List(selection).Backups;
        var retention = new BackupRetention(IsBound(nameof(OlderThan)) ? DateTimeOffset.UtcNow - OlderThan : null, IsBound(nameof(Keep)) ? Keep : null);
        foreach (var (backup, reason) in retention.Judge(chosen, all.Backups))
        {
            if (reason is not null)
            {
                WriteVerbose($"{backup.Folder} stays: {reason}.");
            }
            else if (ShouldProcess(
                backup.Folder,
                $"Remove the backup of {BuildAgentText.Escape(backup.Database.ToString())} from {ViewText.Moment(backup.TakenAt)}"))
            {
                Run((database, observer, stop) => database.Backups.RemoveAsync(backup.Folder, observer, stop));
            }
        }
    }

    List<string> Parents() =>
        [.. _piped.Select(backup => System.IO.Path.GetDirectoryName(backup.Folder)!).Where(Directory.Exists).Distinct(StringComparer.Ordinal)];
}
