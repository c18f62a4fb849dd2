using System.Management.Automation;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Undoes applied migrations by their down scripts, newest first.</summary>
/// <remarks>
/// <para>
/// Without a limit it undoes the newest applied migration. -Target names the version that stays as the newest, -Count how many go, -All
/// means every one. An applied migration without a down script is never passed over to undo an older one, as sqlx does: the run is refused
/// before it starts and names it.
/// </para>
/// <para>
/// Down scripts drop tables and columns with what is in them, so each migration is asked about unless -Confirm:$false is given. The first No
/// ends the list. -WhatIf shows what would run and writes nothing.
/// </para>
/// <para>
/// In an environment that the configuration protects ("protected": true) its name must be typed as well, or given as -ConfirmEnvironment;
/// -Confirm:$false does not answer that.
/// </para>
/// <para>
/// -Force undoes a migration although its up script was edited after it was applied, or although it stopped half-way. It skips no question.
/// </para>
/// </remarks>
/// <example>
/// <para>Undo the newest migration without being asked</para>
/// <code>Undo-VsMigration -Confirm:$false</code>
/// <para>In a build agent nobody can answer, so say -Confirm:$false there.</para>
/// </example>
/// <example>
/// <para>Go back to a version</para>
/// <code>Undo-VsMigration -Target 20250926152953 -WhatIf</code>
/// <para>Shows what would be undone. The target itself stays applied.</para>
/// </example>
/// <example>
/// <para>Undo in a protected environment, from a script</para>
/// <code>Undo-VsMigration -Environment production -Confirm:$false -ConfirmEnvironment production</code>
/// <para>Without the name it would be asked for, or refused where nobody can answer.</para>
/// </example>
/// <example>
/// <para>Undo everything and apply it again, on a private server</para>
/// <code>Undo-VsMigration -Sandbox -All -Confirm:$false; Invoke-VsMigration -Sandbox</code>
/// <para>A good way to see whether the down scripts are complete.</para>
/// </example>
[Cmdlet(VerbsCommon.Undo, "VsMigration", DefaultParameterSetName = ConfiguredSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(MigrationResult))]
public sealed class UndoVsMigrationCommand : VsRunCmdlet
{
    /// <summary>Undo every applied migration.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>
    /// The name of the environment, instead of typing it when asked. Needed where the configuration says "protected": true, and where nobody can
    /// answer; ignored elsewhere.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ConfirmEnvironment { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => ThrowIfMutuallyExclusive(nameof(Target), nameof(Count), nameof(All));

    /// <inheritdoc/>
    protected override void CollectInput()
    {
        ThrowIfMutuallyExclusive(nameof(InputObject), nameof(All));
        base.CollectInput();
    }

    /// <inheritdoc/>
    protected override void RequireConfirmedEnvironment(MigrationPlan plan, int steps)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ThrowUnlessNamed(ConfirmEnvironment, FormattableString.Invariant($"Undo {steps} migration(s) of {plan.Database}"));
    }

    /// <inheritdoc/>
    protected override void Execute() => Run(PlanRequest(MigrationDirection.Down) with { All = All });
}
