using System.Management.Automation;
using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Finds what is wrong with migrations before it hurts.</summary>
/// <remarks>
/// <para>
/// Checks names, duplicates, byte order marks, encodings, order, checksums, missing files and down scripts, and has the server's own
/// parser read every pending up script and every down script without running them. Emits one Finding for each thing noticed, with
/// the rule, the file and the place in it; nothing when all is well.
/// </para>
/// <para>
/// An Error is what a run would refuse. A Warning works here and may surprise: with sqlx, on another machine, or later. Without a
/// connection it checks the files and says what it could not check.
/// </para>
/// <para>Nothing is written: no table is created, no lock is taken, and the session is read-only.</para>
/// </remarks>
/// <example>
/// <para>Check the migrations folder</para>
/// <code>Test-VsMigration</code>
/// <para>One row for each finding, the place in the file in front.</para>
/// </example>
/// <example>
/// <para>Check only the files that were changed</para>
/// <code>Get-ChildItem migrations/*.sql | Where-Object LastWriteTime -gt (Get-Date).AddDays(-1) | Test-VsMigration</code>
/// <para>Files bind by the pipeline as they do everywhere in PowerShell.</para>
/// </example>
/// <example>
/// <para>Fail a build</para>
/// <code>if (-not (Test-VsMigration -Rollback -Quiet)) { throw 'The migrations do not pass.' }</code>
/// <para>-Quiet emits true when there is no finding of severity Error; -Rollback also asks for complete down scripts.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "VsMigration", DefaultParameterSetName = ConfiguredSet)]
[OutputType(typeof(Finding), typeof(bool))]
public sealed class TestVsMigrationCommand : VsDatabaseCmdlet
{
    /// <summary>Also check that every migration can be undone.</summary>
    [Parameter]
    public SwitchParameter Rollback { get; set; }

    /// <summary>Emit only true, or false when there is a finding of severity Error.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void Execute()
    {
        var findings = Run((database, observer, stop) => database.Migrations.TestAsync(Rollback, observer, stop));
        if (Quiet)
        {
            WriteObject(findings.All(finding => finding.Severity != FindingSeverity.Error));
        }
        else
        {
            WriteObject(findings, enumerateCollection: true);
        }
    }
}
