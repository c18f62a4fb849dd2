using System.Management.Automation;
using VividShift.Migrations.Activity;
using VividShift.Migrations.Repair;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Repairs history: checksums, unfinished migrations, rows without a file, a stale lock.</summary>
/// <remarks>
/// <para>
/// Without a switch it looks at the applied migrations whose file is no longer what was applied. Where it is proved that they differ only in
/// line endings, a byte order mark or the last line break, the row gets the checksum of the file as it is. A real edit is an error that
/// names the version; -AcceptChange accepts it, for versions that are named.
/// </para>
/// <para>
/// A migration that stopped half-way, outside a transaction, is settled as -Applied when you have finished it by hand, or as -NotApplied when you
/// have removed what it left, so that it runs again. -Missing forgets migrations whose file is gone. -Unlock ends the session that holds the
/// migration lock and does nothing with it.
/// </para>
/// <para>
/// Each row is asked about, with what it is and what it would be; -WhatIf shows the same and writes nothing. Then the lock of runs is taken,
/// everything judged again, and all rows changed in one transaction, each only if it is still the one that was shown. One HistoryChange is
/// emitted for each row. What results is what sqlx writes itself; -Verbose tells what sqlx would make of it, and a warning comes when it would
/// still stop. In a protected environment its name must be typed, or given as -ConfirmEnvironment.
/// </para>
/// </remarks>
/// <example>
/// <para>Git changed the line endings of applied files</para>
/// <code>Repair-VsMigration -WhatIf; Repair-VsMigration -Confirm:$false</code>
/// <para>Only rows for which it is proved are changed; a file that was really edited is told as an error and left alone.</para>
/// </example>
/// <example>
/// <para>Accept a corrected comment in an applied file</para>
/// <code>Repair-VsMigration -Version 20250926152953 -AcceptChange</code>
/// <para>Do so only when the edit changes nothing in a database that has it applied.</para>
/// </example>
/// <example>
/// <para>Clear up after a migration that stopped half-way</para>
/// <code>Get-VsMigrationStatus | Where-Object State -eq Failed | Repair-VsMigration -NotApplied</code>
/// <para>First remove by hand what it left behind; afterwards it is pending again, and Invoke-VsMigration runs it from its first statement.</para>
/// </example>
/// <example>
/// <para>A service crashed and its session still holds the lock</para>
/// <code>Repair-VsMigration -Unlock -LongerThan 5m</code>
/// <para>Names the session and asks. A session that is at work is refused without -Force.</para>
/// </example>
[Cmdlet(
    VerbsDiagnostic.Repair,
    "VsMigration",
    DefaultParameterSetName = ConfiguredSet,
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(HistoryChange), typeof(StopActivityResult))]
public sealed class RepairVsMigrationCommand : VsHistoryCmdlet
{
    /// <summary>Settle the named migrations, which stopped half-way, as applied: all of each is in the database.</summary>
    [Parameter]
    public SwitchParameter Applied { get; set; }

    /// <summary>Settle the named migrations, which stopped half-way, as not applied: nothing of them is left in the database.</summary>
    [Parameter]
    public SwitchParameter NotApplied { get; set; }

    /// <summary>Forget migrations whose file is gone; all of them, or those named.</summary>
    [Parameter]
    public SwitchParameter Missing { get; set; }

    /// <summary>End the session that holds the migration lock, if it is idle.</summary>
    [Parameter]
    public SwitchParameter Unlock { get; set; }

    /// <summary>Accept that the files of the named migrations were really edited.</summary>
    [Parameter]
    public SwitchParameter AcceptChange { get; set; }

    /// <summary>With -Unlock: how long its owner must have been idle, such as 30s, 5m or 1h. Default: 10 seconds.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan LongerThan { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// With -Unlock: end the owner of the lock although it is at work, which rolls back what it is at. With -Missing: forget although no row
    /// has a file at all. It never skips a question: for that there is -Confirm:$false.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        ThrowIfMutuallyExclusive(nameof(Applied), nameof(NotApplied), nameof(Missing), nameof(Unlock));
        ThrowIfMutuallyExclusive(nameof(AcceptChange), nameof(NotApplied));
        ThrowIfMutuallyExclusive(nameof(AcceptChange), nameof(Missing));
        ThrowIfMutuallyExclusive(nameof(AcceptChange), nameof(Unlock));
        ThrowIfMutuallyExclusive(nameof(Version), nameof(Unlock));
    }

    /// <inheritdoc/>
    protected override void Execute()
    {
        if (Unlock)
        {
            EndOwner();
            return;
        }

        var kind = Applied ? RepairKind.Applied : NotApplied ? RepairKind.NotApplied : Missing ? RepairKind.Missing : RepairKind.Checksums;
        Change(RequestFor(kind) with { AcceptChange = AcceptChange, Force = Force }, together: false);
    }

    void EndOwner()
    {
        var owners = Run((database, observer, stop) => database.Activity.GetAsync(new() { LockOwner = true }, observer, stop));
        if (owners is not [var owner])
        {
            WriteVerbose("Nobody holds the migration lock.");
            return;
        }

        if (!Force)
        {
            StaleLock.ThrowIfInUse(owner, LongerThan);
        }

        var action = BuildAgentText.Escape($"End session {owner}, which holds the migration lock and has been {ActivityText.State(owner.State)} for {HumanReadable.Duration(owner.Duration)}");
        if (ShouldProcess(BuildAgentText.Escape(owner.SeenFrom.ToString()), action))
        {
            ThrowUnlessNamed(ConfirmEnvironment, action);
            var end = new StopActivityRequest { Activity = owner, Terminate = true, OnlyIfUnchanged = !Force };
            var stopped = Run((database, observer, stop) => database.Activity.StopAsync([end], observer, stop))[0];
            WriteObject(stopped);
            if (stopped.ToException() is { } problem)
            {
                WriteError(problem);
            }
        }
    }
}
