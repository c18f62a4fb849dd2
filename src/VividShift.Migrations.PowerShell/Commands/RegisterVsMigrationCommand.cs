using System.Management.Automation;
using VividShift.Migrations.PowerShell.Completers;
using VividShift.Migrations.Repair;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Marks migrations as applied without running them.</summary>
/// <remarks>
/// <para>
/// For a database that has the tables already and no history: made by hand, restored from elsewhere, or migrated by another tool. Name
/// single versions, pipe pending ones, or give -Target for all up to a version, the baseline. The history table is made when there is none.
/// </para>
/// <para>
/// Each row is what "sqlx migrate override skip" writes: the checksum of the file, success, no duration. One HistoryChange is emitted for
/// each. Refused, with nothing changed: a version without a file or one that is applied already, and without -Force a mark that leaves an
/// older migration pending, since runs would refuse that one as late.
/// </para>
/// <para>
/// Nothing checks that the database really holds what the files make. -WhatIf shows the rows and writes nothing. The lock of runs is taken,
/// everything is judged again under it, and all rows are one transaction. The first No of -Confirm ends the list.
/// </para>
/// </remarks>
/// <example>
/// <para>Take over an existing database</para>
/// <code>Register-VsMigration -Target 20250926152953; Invoke-VsMigration</code>
/// <para>All up to the target, itself included, count as applied; what is newer is run.</para>
/// </example>
/// <example>
/// <para>See what would be marked</para>
/// <code>Get-VsMigrationStatus | Where-Object Pending | Register-VsMigration -WhatIf</code>
/// <para>Writes nothing: no table, no row, no lock.</para>
/// </example>
/// <example>
/// <para>An index that was made by hand in the night</para>
/// <code>Register-VsMigration -Version 20251014080000</code>
/// <para>The migration that makes it counts as applied, and its down script can undo it.</para>
/// </example>
[Cmdlet(
    VerbsLifecycle.Register,
    "VsMigration",
    DefaultParameterSetName = ConfiguredSet,
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(HistoryChange))]
public sealed class RegisterVsMigrationCommand : VsHistoryCmdlet
{
    /// <summary>The newest version to mark; all older ones that are not applied are marked with it.</summary>
    [Parameter]
    [Alias("To")]
    [ArgumentCompleter(typeof(VersionCompleter))]
    public long Target { get; set; }

    /// <summary>Mark although an older migration is left pending. It never skips a question: for that there is -Confirm:$false.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => ThrowIfMutuallyExclusive(nameof(Version), nameof(Target));

    /// <inheritdoc/>
    protected override void CollectInput()
    {
        ThrowIfMutuallyExclusive(nameof(InputObject), nameof(Target));
        base.CollectInput();
    }

    /// <inheritdoc/>
    protected override void Execute()
    {
        RequireOneOf(NothingCame || NamesVersions, nameof(Version), nameof(Target));
        Change(RequestFor(RepairKind.Register) with { Target = IsBound(nameof(Target)) ? Target : null, Force = Force }, together: true);
    }
}
