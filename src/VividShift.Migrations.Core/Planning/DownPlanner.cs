using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Diagnostics.Rules;

namespace VividShift.Migrations.Planning;

/// <summary>
/// Which down scripts run, newest first. Every applied migration in the range is undone or the plan is refused: sqlx passes over those
/// without a down script and undoes an older one instead.
/// </summary>
static class DownPlanner
{
    public static void Fill(PlanBuilder draft)
    {
        var newestFirst = HistoryRules.Judge(draft.Context.Catalog, draft.Context.History).Where(j => j.Row is not null).Reverse().ToList();
        var range = Limit(draft, newestFirst);
        var versions = range.Select(j => j.Version).ToHashSet();
        foreach (var finding in draft.Context.Catalog.Findings)
        {
            draft.Keep(finding.Version is { } version && versions.Contains(version) ? finding : finding.AsWarning());
        }

        foreach (var undone in range)
        {
            // That a file is gone matters only by its down script, which is asked for below.
            if (undone.Finding?.RefusedAs != MigrationErrorCode.MigrationMissing)
            {
                draft.Keep(undone.Finding);
            }

            Add(draft, undone);
        }
    }

    static void Add(PlanBuilder draft, JudgedMigration undone)
    {
        var row = undone.Row!;
        if (undone.Migration?.Down is not { } down)
        {
            draft.Keep(DownScriptRule.Missing(undone.Migration, row));
            return;
        }

        draft.Add(MigrationDirection.Down, down, row.Checksum, retriesFailed: !row.Success);
        foreach (var empty in new EmptyScriptRule().Check(new MigrationScript(down, draft.Steps[^1].Script)))
        {
            draft.Keep(empty);
        }
    }

    static List<JudgedMigration> Limit(PlanBuilder draft, List<JudgedMigration> newestFirst)
    {
        if (draft.Request.Selection is { } selection)
        {
            return Select(draft, newestFirst, selection);
        }

        if (draft.Request.Target is { } target)
        {
            JudgeTarget(draft, newestFirst, target);
            return newestFirst.FindAll(r => r.Version > target);
        }

        return draft.Request.All ? newestFirst : [.. newestFirst.Take(draft.Request.Count ?? 1)];
    }

    static void JudgeTarget(PlanBuilder draft, List<JudgedMigration> newestFirst, long target)
    {
        // Zero means "before the first" in sqlx, whether or not there is such a version.
        if (target != 0 && draft.Context.Catalog.Find(target) is null && newestFirst.TrueForAll(r => r.Version != target))
        {
            draft.Refuse(MigrationErrorCode.TargetInvalid,
                FormattableString.Invariant($"Version {target}, the target, is in no file and not in history."),
                "See Get-VsMigrationStatus for the versions there are; -All undoes everything.", target);
        }
        else if (draft.Context.History.Newest is { } newest && target > newest)
        {
            draft.Refuse(MigrationErrorCode.TargetInvalid,
                FormattableString.Invariant($"The target {target} is newer than {newest}, the newest applied version: there is nothing to undo."),
                FormattableString.Invariant($"To go forwards, use Invoke-VsMigration -Target {target}."), target);
        }
    }

    static List<JudgedMigration> Select(PlanBuilder draft, List<JudgedMigration> newestFirst, IReadOnlyList<long> selection)
    {
        var wanted = selection.ToHashSet();
        wanted.IntersectWith(newestFirst.Select(r => r.Version));
        var chosen = newestFirst.TakeWhile(r => wanted.Contains(r.Version)).ToList();
        if (chosen.Count < wanted.Count)
        {
            var leftOut = newestFirst[chosen.Count].Row!;
            draft.Refuse(MigrationErrorCode.NotContiguous,
                FormattableString.Invariant(
                    $"The piped migrations leave out {leftOut.Version} ({leftOut.Description}), which was applied after one of them."),
                "Pipe all applied migrations from the newest on, or use -Target.", leftOut.Version);
        }

        return chosen;
    }
}
