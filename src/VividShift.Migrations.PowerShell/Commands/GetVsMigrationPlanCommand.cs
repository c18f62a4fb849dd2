using System.Management.Automation;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Restore;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Shows what a run would do, step by step, or as an SQL script.</summary>
/// <remarks>
/// <para>
/// Makes the plan that Invoke-VsMigration, or with -Undo Undo-VsMigration, would run, and emits one PlanStep for each script in the order in
/// which they run: file, statements, whether it is one transaction, and if not, why. What would refuse the run is written as errors
/// after the steps, each under its own id.
/// </para>
/// <para>
/// With -AsSql the plan is one string: a script with the history's writes that psql brings to the same end. psql judges nothing again, so a
/// plan that is refused has no script.
/// </para>
/// <para>
/// With -Undo -CompareBackup it emits one RollbackComparison instead: what the down scripts would destroy, read from their text with the rows
/// of today, beside what restoring the newest backup from before those migrations would lose, table by table, and how long each takes as far
/// as anybody has recorded it. Tables up to 64 MB are counted and compared by hash; of bigger ones the server's estimate is told, and as one.
/// </para>
/// <para>Nothing is written: no table is created, no lock is taken, and the session is read-only.</para>
/// </remarks>
/// <example>
/// <para>See what is to be applied</para>
/// <code>Get-VsMigrationPlan</code>
/// <para>The table says for each script whether it runs in a transaction.</para>
/// </example>
/// <example>
/// <para>Hand a script to a database administrator</para>
/// <code>Get-VsMigrationPlan -Environment production -AsSql > release.sql</code>
/// <para>Run it by: psql -v ON_ERROR_STOP=1 -f release.sql</para>
/// </example>
/// <example>
/// <para>Read the SQL that would undo the last two migrations</para>
/// <code>Get-VsMigrationPlan -Undo -Count 2 | ForEach-Object Sql</code>
/// <para>Sql is the text of the file as it stands.</para>
/// </example>
/// <example>
/// <para>Decide between down scripts and the backup</para>
/// <code>Get-VsMigrationPlan -Undo -Count 2 -CompareBackup</code>
/// <para>Shows side by side what each way would lose. Restore-VsDatabase takes the other way.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "VsMigrationPlan", DefaultParameterSetName = ConfiguredSet)]
[OutputType(typeof(PlanStep), typeof(string), typeof(RollbackComparison))]
public sealed class GetVsMigrationPlanCommand : VsPlanningCmdlet
{
    /// <summary>Plan backwards, as Undo-VsMigration would.</summary>
    [Parameter]
    public SwitchParameter Undo { get; set; }

    /// <summary>With -Undo: every applied migration.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>Go on although the files of applied migrations are gone.</summary>
    [Parameter]
    public SwitchParameter IgnoreMissing { get; set; }

    /// <summary>Apply pending migrations that are older than the newest applied one.</summary>
    [Parameter]
    public SwitchParameter AllowOutOfOrder { get; set; }

    /// <summary>Emit the plan as one string of SQL for psql.</summary>
    [Parameter]
    public SwitchParameter AsSql { get; set; }

    /// <summary>With -Undo: compare with restoring the newest backup from before these migrations.</summary>
    [Parameter]
    public SwitchParameter CompareBackup { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        ThrowIfMutuallyExclusive(nameof(CompareBackup), nameof(AsSql));
        ThrowIfMutuallyExclusive(nameof(All), nameof(Target));
        ThrowIfMutuallyExclusive(nameof(All), nameof(Count));
        if (Undo)
        {
            ThrowIfMutuallyExclusive(nameof(Target), nameof(Count));
        }
        else if (CompareBackup)
        {
            var problem = new ParameterBindingException("-CompareBackup is about ways back: give -Undo as well.");
            ThrowTerminatingError(new ErrorRecord(problem, "UndoNeeded", ErrorCategory.InvalidArgument, null));
        }
    }

    /// <inheritdoc/>
    protected override void Execute()
    {
        var plan = Plan(PlanRequest(Undo ? MigrationDirection.Down : MigrationDirection.Up) with
        {
            All = All,
            IgnoreMissing = IgnoreMissing,
            AllowOutOfOrder = AllowOutOfOrder,
        });
        if (CompareBackup)
        {
            plan.ThrowIfRefused();
            WriteObject(Run((database, observer, stop) => database.Restores.CompareAsync(plan, observer, stop)));
            return;
        }

        if (AsSql)
        {
            WriteObject(PlanSql.Render(plan));
            return;
        }

        WriteObject(plan.Steps, enumerateCollection: true);
        foreach (var refusal in plan.Refusals)
        {
            WriteError(MigrationException.Of([refusal], plan.Database));
        }
    }
}
