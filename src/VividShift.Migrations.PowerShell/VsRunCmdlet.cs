using System.Management.Automation;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.PowerShell;

/// <summary>
/// A cmdlet that runs a plan. All questions are asked before the engine takes the lock, so that no session waits for a human; the engine
/// plans again under the lock and stops if the plan is no longer the one that was agreed to.
/// </summary>
public abstract class VsRunCmdlet : VsPlanningCmdlet
{
    MigrationSelection? _selection;

    /// <summary>
    /// The migrations to run, as Get-VsMigrationStatus emits them; they must leave no gap. Nothing is done when nothing comes. Excludes the
    /// parameters that choose otherwise.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    public MigrationStatus[]? InputObject { get; set; }

    /// <summary>
    /// Leave out the hooks of the configuration. Otherwise they run around a run that does something: beforeRun before anything is written,
    /// afterRun, or onFailure when it fails or is stopped.
    /// </summary>
    [Parameter]
    public SwitchParameter NoHook { get; set; }

    /// <summary>
    /// First make a backup of the database, tagged with the first version, and prove that it can be restored. Made only when there is
    /// something to do and after you agreed; each result names it, and so does the error when the run fails.
    /// </summary>
    [Parameter]
    public SwitchParameter Backup { get; set; }

    /// <inheritdoc/>
    protected override void CollectInput()
    {
        base.CollectInput();
        if (IsBound(nameof(InputObject)))
        {
            ThrowIfMutuallyExclusive(nameof(InputObject), nameof(Target));
            ThrowIfMutuallyExclusive(nameof(InputObject), nameof(Count));
            _selection ??= new();
            _selection.Add(InputObject ?? []);
        }
    }

    /// <summary>The second thought after the questions, as in a protected environment; throws MigrationException to end the cmdlet.</summary>
    /// <param name="plan">What was planned.</param>
    /// <param name="steps">How many steps of it were agreed to.</param>
    protected virtual void RequireConfirmedEnvironment(MigrationPlan plan, int steps)
    {
    }

    /// <summary>Plans, asks and runs; each migration's result is written as soon as it is durable.</summary>
    protected void Run(PlanRequest wanted)
    {
        // A pipeline that brought nothing had nothing for us to do. Running everything instead would be the opposite.
        if (_selection is { Versions: [] } || (_selection is null && MyInvocation.ExpectingInput && !HasLiteralPaths))
        {
            WriteVerbose("No migration came down the pipeline: there is nothing to do.");
            return;
        }

        var plan = Plan(wanted with { Selection = _selection?.Versions });
        _selection?.ThrowIfNotFrom(plan.Database);
        plan.ThrowIfRefused();
        if (plan.Steps.Count == 0)
        {
            WriteVerbose($"There is nothing to do in {BuildAgentText.Escape(plan.Database.ToString())}.");
        }
        else if (AgreedSteps(plan, NoHook ? [] : Opened.Hooks.Describe()) is var agreed and > 0)
        {
            RequireConfirmedEnvironment(plan, agreed);
            var run = new RunRequest { Agreed = plan, AgreedSteps = agreed, Hooks = !NoHook, Backup = Backup };
            WriteResults((database, observer, scripts, stop) => database.Migrations.RunAsync(run, observer, scripts, stop));
        }
    }

    // The hooks are read although they may not run yet: one that cannot work is to end the run before anyone is asked.
    int AgreedSteps(MigrationPlan plan, IReadOnlyList<HookDescription> hooks)
    {
        // Who agrees to a run agrees to its hooks, so they are told and not asked about.
        var told = IsWhatIf ? hooks.Where(hook => hook.Event != HookEvent.OnFailure).ToList() : [];
        foreach (var hook in told.Where(hook => hook.Event == HookEvent.BeforeRun))
        {
            Tell(plan, hook.ToString());
        }

        if (IsWhatIf && Backup && !plan.CreatesDatabase)
        {
            Tell(plan, $"Back up as {plan.BackupTag} and prove that it can be restored");
        }

        var agreed = AgreedSteps(plan);
        foreach (var hook in told.Where(hook => hook.Event != HookEvent.BeforeRun))
        {
            Tell(plan, hook.ToString());
        }

        return agreed;
    }

    void Tell(MigrationPlan plan, string action) =>
        ShouldProcess(BuildAgentText.Escape(plan.Database.ToString()), BuildAgentText.Escape(action));

    int AgreedSteps(MigrationPlan plan)
    {
        var actions = plan.Steps.Select(step => step.Action);
        if (!plan.CreatesDatabase)
        {
            return Agreed(plan, actions);
        }

        return Math.Max(0, Agreed(plan, actions.Prepend("Create the database")) - 1);
    }

    int Agreed(MigrationPlan plan, IEnumerable<string> actions)
    {
        var target = BuildAgentText.Escape(plan.Database.ToString());
        var agreed = 0;
        foreach (var action in actions)
        {
            if (ShouldProcessIn(target, BuildAgentText.Escape(action)))
            {
                agreed++;
            }
            // Under -WhatIf ShouldProcess answers no to everything, which must not end the list as a No of the user does.
            else if (!IsWhatIf)
            {
                break;
            }
        }

        return agreed;
    }
}
