using System.Management.Automation;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Finds out whether backups are whole, and with -Restore whether they can be restored.</summary>
/// <remarks>
/// <para>
/// Checks the seals of the manifest and of the record of trials, that every file is there and none besides, and size and SHA-256 of each.
/// Emits one Finding for each thing that is wrong; nothing when all is well.
/// </para>
/// <para>
/// With -Restore each whole backup is restored into a scratch database on the server that is connected to, or with -Sandbox on the private
/// server of this folder; rows, hashes, sequences and definitions are compared with the manifest; the scratch database is dropped; and the
/// result is recorded, so that Get-VsBackup shows it. A backup of single tables or of rows alone is restored into the definitions of the
/// database that is connected to, since it has none or not all of its own.
/// </para>
/// <para>A seal shows damage and edits. It is no signature: guard the folder of backups as you guard the database.</para>
/// </remarks>
/// <example>
/// <para>Test all backups of the configured folder</para>
/// <code>Test-VsBackup</code>
/// <para>No output means that every file is what it was when it was written.</para>
/// </example>
/// <example>
/// <para>Prove the newest on a private server</para>
/// <code>Get-VsBackup -Latest | Test-VsBackup -Restore -Sandbox</code>
/// <para>Nothing is restored on the server that the backup came from.</para>
/// </example>
/// <example>
/// <para>Fail a nightly job</para>
/// <code>if (-not (Test-VsBackup -Latest -Quiet)) { throw 'The newest backup is damaged.' }</code>
/// <para>-Quiet emits true, or false when there is a finding or no backup at all.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "VsBackup", DefaultParameterSetName = ConfiguredSet)]
[OutputType(typeof(Finding), typeof(bool))]
public sealed class TestVsBackupCommand : VsBackupCmdlet
{
    readonly List<DatabaseBackup> _piped = [];

    /// <summary>The backups to test, as Get-VsBackup emits them.</summary>
    [Parameter(ValueFromPipeline = true)]
    public DatabaseBackup[]? InputObject { get; set; }

    /// <summary>Only the newest of those that fit, and any that cannot be read.</summary>
    [Parameter]
    public SwitchParameter Latest { get; set; }

    /// <summary>Also restore for trial and compare.</summary>
    [Parameter]
    public SwitchParameter Restore { get; set; }

    /// <summary>How many tables are restored at a time. Default: one for each processor, four at most.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int Jobs { get; set; }

    /// <summary>The folder of PostgreSQL's programs; needed with -Restore only. Default: as for Backup-VsDatabase.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PgBinPath { get; set; }

    /// <summary>Emit only true, or false when something is wrong or there is no backup.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void CollectInput() => _piped.AddRange(InputObject ?? []);

    /// <inheritdoc/>
    protected override void Execute()
    {
        var listing = MyInvocation.ExpectingInput || IsBound(nameof(InputObject))
            ? new BackupListing(_piped, [])
            : List(Selection() with { Latest = Latest });
        var passed = listing.Backups.Count > 0 && listing.Damaged.Count == 0;
        foreach (var damaged in listing.Damaged)
        {
            WriteUnlessQuiet([damaged.ToFinding("BackupUnreadable") with { Location = damaged.Target is string path ? new(path) : null }]);
        }

        foreach (var backup in listing.Backups)
        {
            var request = new BackupTestRequest
            {
                Folder = backup.Folder,
                Restore = Restore,
                Jobs = IsBound(nameof(Jobs)) ? Jobs : null,
                ProgramFolder = PgBinPath is null ? null : SessionPaths.ResolveUnresolvedPath(SessionState.Path, PgBinPath),
            };
            var findings = Run((database, observer, stop) => database.Backups.TestAsync(request, observer, stop));
            passed &= findings.Count == 0;
            WriteUnlessQuiet(findings);
        }

        if (Quiet)
        {
            WriteObject(passed);
        }
    }

    void WriteUnlessQuiet(IReadOnlyList<Finding> findings)
    {
        if (!Quiet)
        {
            WriteObject(findings, enumerateCollection: true);
        }
    }
}
