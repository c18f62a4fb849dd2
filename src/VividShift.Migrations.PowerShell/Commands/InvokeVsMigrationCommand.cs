using System.Management.Automation;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Applies pending migrations.</summary>
/// <remarks>
/// <para>
/// Judges everything before it changes anything: the checksums of what is applied, missing files, duplicates, late files, failures that
/// stopped half-way. Then it asks, takes the same lock as sqlx, makes sure that nothing has changed meanwhile, and applies one migration
/// after the other. A migration and its row in the history are one transaction. Files that begin with "-- no-transaction", or hold a
/// statement that PostgreSQL refuses inside a transaction, run statement by statement.
/// </para>
/// <para>
/// One MigrationResult is emitted for each migration as soon as it is committed. When the pipeline ends early or Ctrl+C is pressed, the
/// migration at hand is rolled back and the lock released; what was emitted before stays applied.
/// </para>
/// <para>
/// -WhatIf shows each migration that would run and writes nothing at all: no table, no lock. -Confirm asks before each one; the first No
/// ends the list. Where the configuration says "protected": true it asks without -Confirm, too, unless -Confirm:$false is given. Migrations
/// piped from Get-VsMigrationStatus are a selection that must leave no gap.
/// </para>
/// <para>
/// -Force goes on although an applied file was edited or is gone or a file is late, and runs a migration again that stopped half-way.
/// </para>
/// </remarks>
/// <example>
/// <para>See what would happen, then do it</para>
/// <code>Invoke-VsMigration -WhatIf; Invoke-VsMigration</code>
/// <para>Both make the same plan, so they cannot disagree.</para>
/// </example>
/// <example>
/// <para>Apply what is pending, from the pipeline</para>
/// <code>Get-VsMigrationStatus | Where-Object Pending | Invoke-VsMigration</code>
/// <para>When nothing is pending, nothing is piped and nothing is done.</para>
/// </example>
/// <example>
/// <para>Migrate in a build pipeline, all or nothing</para>
/// <code>Invoke-VsMigration -Environment production -Transaction All -Confirm:$false -ErrorAction Stop</code>
/// <para>A failure rolls all of it back, ends the script and fails the job.</para>
/// </example>
/// <example>
/// <para>Set up a new database up to a version</para>
/// <code>Invoke-VsMigration -Server db.internal -Database shop -Credential app -CreateDatabase -Target 20250926152953</code>
/// <para>The target is applied, too. PowerShell asks for the password.</para>
/// </example>
[Cmdlet(
    VerbsLifecycle.Invoke,
    "VsMigration",
    DefaultParameterSetName = ConfiguredSet,
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(MigrationResult))]
public sealed class InvokeVsMigrationCommand : VsRunCmdlet
{
    /// <summary>PerMigration: one transaction for each migration. All: one for the whole run, all or nothing. Default:
    /// PerMigration.</summary>
    [Parameter]
    public TransactionMode Transaction { get; set; }

    /// <summary>Go on although the files of applied migrations are gone.</summary>
    [Parameter]
    public SwitchParameter IgnoreMissing { get; set; }

    /// <summary>Apply pending migrations that are older than the newest applied one.</summary>
    [Parameter]
    public SwitchParameter AllowOutOfOrder { get; set; }

    /// <summary>Create the database first when it does not exist.</summary>
    [Parameter]
    public SwitchParameter CreateDatabase { get; set; }

    /// <inheritdoc/>
    protected override void Execute() => Run(PlanRequest(MigrationDirection.Up) with
    {
        Transaction = Transaction,
        IgnoreMissing = IgnoreMissing,
        AllowOutOfOrder = AllowOutOfOrder,
        CreateDatabase = CreateDatabase,
    });
}
