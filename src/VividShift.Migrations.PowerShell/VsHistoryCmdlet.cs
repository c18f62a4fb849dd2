using System.Management.Automation;
using VividShift.Migrations.Planning;
using VividShift.Migrations.PowerShell.Completers;
using VividShift.Migrations.Repair;

namespace VividShift.Migrations.PowerShell;

/// <summary>
/// A cmdlet that changes rows of history. All questions are asked before the engine takes the lock; the engine judges again under the lock
/// and changes nothing if a row is no longer the one that was shown.
/// </summary>
public abstract class VsHistoryCmdlet : VsDatabaseCmdlet
{
    MigrationSelection? _selection;

    /// <summary>The versions. Tab completes them from the files, by their digits or by a word of their description.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VersionCompleter))]
    public long[]? Version { get; set; }

    /// <summary>The migrations, as Get-VsMigrationStatus emits them. Nothing is done when nothing comes.</summary>
    [Parameter(ValueFromPipeline = true)]
    public MigrationStatus[]? InputObject { get; set; }

    /// <summary>
    /// The name of the environment, instead of typing it when asked. Needed where the configuration says "protected": true, and where nobody can
    /// answer; ignored elsewhere.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ConfirmEnvironment { get; set; }

    /// <inheritdoc/>
    protected override void CollectInput()
    {
        base.CollectInput();
        if (IsBound(nameof(InputObject)))
        {
            ThrowIfMutuallyExclusive(nameof(InputObject), nameof(Version));
            _selection ??= new();
            _selection.Add(InputObject ?? []);
        }
    }

    /// <summary>True when a pipeline brought nothing: doing everything instead would be the opposite.</summary>
    protected bool NothingCame => _selection is { Versions: [] } || (_selection is null && MyInvocation.ExpectingInput && !HasLiteralPaths);

    /// <summary>True when versions were named, one way or the other.</summary>
    protected bool NamesVersions => Version is not null || _selection is not null;

    /// <summary>What the common parameters ask for.</summary>
    protected RepairRequest RequestFor(RepairKind kind) => new()
    {
        Kind = kind,
        Versions = Version ?? _selection?.Versions,
        Piped = _selection is not null,
    };

    /// <summary>Judges, asks and changes; each row that was changed is written.</summary>
    /// <param name="wish">What is to be done.</param>
    /// <param name="together">
    /// The changes build on each other: one refusal refuses all, and the first No ends the list. Otherwise each row is a matter of its own.
    /// </param>
    protected void Change(RepairRequest wish, bool together)
    {
        if (NothingCame)
        {
            WriteVerbose("No migration came down the pipeline: there is nothing to do.");
            return;
        }

        var plan = Run((database, observer, stop) => database.History.PlanAsync(wish, observer, stop));
        _selection?.ThrowIfNotFrom(plan.Context.Database);
        foreach (var warning in plan.Warnings)
        {
            WriteWarning(BuildAgentText.Escape(warning));
        }

        if (together)
        {
            plan.ThrowIfRefused();
        }

        foreach (var refusal in plan.Refusals)
        {
            WriteError(plan.ErrorOf(refusal));
        }

        if (plan.Changes.Count == 0)
        {
            WriteVerbose($"There is nothing to change in the history of {BuildAgentText.Escape(plan.Context.Database.ToString())}.");
            return;
        }

        var agreed = Agreed(plan, together);
        if (agreed.Count > 0)
        {
            ThrowUnlessNamed(
                ConfirmEnvironment, FormattableString.Invariant($"Change {agreed.Count} row(s) of the history of {plan.Context.Database}"));
            WriteObject(Run((database, observer, stop) => database.History.ApplyAsync(plan, agreed, observer, stop)), enumerateCollection: true);
        }
    }

    List<HistoryChange> Agreed(RepairPlan plan, bool together)
    {
        var target = BuildAgentText.Escape(plan.Context.Database.ToString());
        var agreed = new List<HistoryChange>();
        foreach (var change in plan.Changes)
        {
            if (ShouldProcess(target, BuildAgentText.Escape(change.ToString())))
            {
                agreed.Add(change);
            }
            // Under -WhatIf ShouldProcess answers no to everything, which must not end the list as a No of the user does.
            else if (together && !IsWhatIf)
            {
                break;
            }
        }

        return agreed;
    }
}
