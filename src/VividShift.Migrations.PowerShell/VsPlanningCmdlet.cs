using System.Management.Automation;
using VividShift.Migrations.Planning;
using VividShift.Migrations.PowerShell.Completers;

namespace VividShift.Migrations.PowerShell;

/// <summary>A cmdlet that makes a plan: the same limits mean the same whether the plan is shown or run.</summary>
public abstract class VsPlanningCmdlet : VsDatabaseCmdlet
{
    /// <summary>
    /// The version to go to. Forwards it is the last one that is applied; backwards it is the one that stays as the newest.
    /// Tab completes it from the files, by its digits or by a word of its description.
    /// </summary>
    [Parameter]
    [Alias("Version", "To")]
    [ArgumentCompleter(typeof(VersionCompleter))]
    public long Target { get; set; }

    /// <summary>At most so many migrations. Default: forwards all that are pending, backwards one.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; }

    /// <summary>
    /// Go on although an applied file was edited or a migration stopped half-way outside a transaction (it runs again from its first
    /// statement); forwards also although an applied file is gone or a pending one is late. Each becomes a warning. Never overridden: files
    /// that cannot be used, and backwards a migration without a down script. It never skips a question: for that there is -Confirm:$false.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>What the common parameters ask for.</summary>
    protected PlanRequest PlanRequest(MigrationDirection direction) => new()
    {
        Direction = direction,
        Target = IsBound(nameof(Target)) ? Target : null,
        Count = IsBound(nameof(Count)) ? Count : null,
        Force = Force,
    };

    /// <summary>Has the engine make the plan, and tells its warnings as warnings.</summary>
    protected MigrationPlan Plan(PlanRequest wanted)
    {
        var plan = Run((database, observer, stop) => database.Migrations.PlanAsync(wanted, observer, stop));
        foreach (var warning in plan.Warnings)
        {
            WriteWarning(BuildAgentText.Escape(warning));
        }

        return plan;
    }
}
