using System.Management.Automation;
using VividShift.Migrations.Repair;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Takes migrations out of history without running their down scripts.</summary>
/// <remarks>
/// <para>
/// Takes back what Register-VsMigration did, or records what was undone by hand. The migration is pending again; what it made stays in the
/// database. To undo a migration by its down script use Undo-VsMigration, with -Force if its up script was edited meanwhile.
/// </para>
/// <para>
/// Refused, with nothing changed: a version that is not in history, one that stopped half-way (Repair-VsMigration -NotApplied settles
/// that), and without -Force one that is older than another that stays, since runs would refuse it as late.
/// </para>
/// <para>
/// Each row is asked about, the newest first, and the first No ends the list; -WhatIf shows the rows and writes nothing. The lock of runs
/// is taken, everything is judged again under it, and all rows are one transaction. One HistoryChange is emitted for each. In a protected
/// environment its name must be typed, or given as -ConfirmEnvironment.
/// </para>
/// </remarks>
/// <example>
/// <para>A migration was undone by hand</para>
/// <code>psql -1 -v ON_ERROR_STOP=1 -f migrations/20250926152953_orders.down.sql; Unregister-VsMigration -Version 20250926152953</code>
/// <para>Undo-VsMigration does both in one transaction; this is for when it cannot.</para>
/// </example>
/// <example>
/// <para>Take a baseline back</para>
/// <code>Get-VsMigrationStatus | Where-Object Applied | Unregister-VsMigration -WhatIf</code>
/// <para>Shows the rows that would go. Without -WhatIf each is asked about.</para>
/// </example>
/// <example>
/// <para>Have a migration run once more in a build pipeline</para>
/// <code>Unregister-VsMigration -Version 20251014080000 -Confirm:$false; Invoke-VsMigration</code>
/// <para>It must be re-runnable: IF NOT EXISTS, CREATE OR REPLACE.</para>
/// </example>
[Cmdlet(
    VerbsLifecycle.Unregister,
    "VsMigration",
    DefaultParameterSetName = ConfiguredSet,
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(HistoryChange))]
public sealed class UnregisterVsMigrationCommand : VsHistoryCmdlet
{
    /// <summary>Take out although a newer one stays. It never skips a question: for that there is -Confirm:$false.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Execute()
    {
        RequireOneOf(NothingCame || NamesVersions, nameof(Version));
        Change(RequestFor(RepairKind.Unregister) with { Force = Force }, together: true);
    }
}
