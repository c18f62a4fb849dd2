using VividShift.Migrations.Diagnostics.Rules;

namespace VividShift.Migrations.Planning;

/// <summary>
/// Which down scripts run, newest first. Every applied migration in the range is undone or the plan is refused: sqlx passes over those
/// without a down script and undoes an older one instead.
/// </summary>
static class DownPlanner
{
    public static void Fill(PlanBuilder builder)
    {
        var judged = HistoryRules.Judge(builder.Context.Catalog, builder.Context.History);
        var newestFirst = judged.Where(j => j.Row is not null).Reverse().ToList();
        var range = Limit(builder, newestFirst);
        var versions = range.Select(j => j.Version).ToHashSet();
        foreach (var finding in builder.Context.Catalog.Findings)
        {
            builder.Keep(finding.Version is { } version && versions.Contains(version) ? finding : finding.AsWarning());
        }

        foreach (var undone in range)
        {
            // That a file is gone matters only by its down script, which is asked for below.
            if (undone.Finding?.RefusedAs != MigrationErrorCode.MigrationMissing)
            {
                builder.Keep(undone.Finding);
            }

            Add(builder, undone);
        }
    }

    static void Add(PlanBuilder builder, JudgedMigration undone)
    {
        var row = undone.Row!;
        if (undone.Migration?.Down is not { } down)
        {
            builder.Keep(DownScriptRule.Missing(undone.Migration, row));
            return;
        }

        builder.Add(MigrationDirection.Down, down, row.Checksum, retriesFailed: !row.Success);
        foreach (var empty in new EmptyScriptRule().Check(new MigrationScript(down, builder.Steps[^1].Script)))
        {
            builder.Keep(empty);
        }
    }

    static List<JudgedMigration> Limit(PlanBuilder builder, List<JudgedMigration> newestFirst)
    {
        if (builder.Request.Selection is { } selection)
        {
            return Select(builder, newestFirst, selection);
        }

        if (builder.Request.Target is { } target)
        {
            JudgeTarget(builder, newestFirst, target);
            return newestFirst.FindAll(r => r.Version > target);
        }

        return builder.Request.All ? newestFirst : [.. newestFirst.Take(builder.Request.Count ?? 1)];
    }

    static void JudgeTarget(PlanBuilder builder, List<JudgedMigration> newestFirst, long target)
    {
        // Zero means "before the first" in sqlx, whether or not there is such a version.
        if (target != 0 && builder.Context.Catalog.Find(target) is null && newestFirst.TrueForAll(r => r.Version != target))
        {
            builder.Refuse(MigrationErrorCode.TargetInvalid,
                FormattableString.Invariant($"Version {target}, the target, is in no file and not in history."),
                "See Get-VsMigrationStatus for the versions there are; -All undoes everything.", target);
        }
        else if (builder.Context.History.Newest is { } newest && target > newest)
        {
            builder.Refuse(MigrationErrorCode.TargetInvalid,
                FormattableString.Invariant($"The target {target} is newer than {newest}, the newest applied version: there is nothing to undo."),
                FormattableString.Invariant($"To go forwards, use Invoke-VsMigration -Target {target}."), target);
        }
    }

    static List<JudgedMigration> Select(PlanBuilder builder, List<JudgedMigration> newestFirst, IReadOnlyList<long> selection)
    {
        var wanted = selection.ToHashSet();
        wanted.IntersectWith(newestFirst.Select(r => r.Version));
        var chosen = newestFirst.TakeWhile(r => wanted.Contains(r.Version)).ToList();
        if (chosen.Count < wanted.Count)
        {
            var leftOut = newestFirst[chosen.Count].Row!;
            builder.Refuse(MigrationErrorCode.NotContiguous,
                FormattableString.Invariant(
                    $"The piped migrations leave out {leftOut.Version} ({leftOut.Description}), which was applied after one of them."),
                "Pipe all applied migrations from the newest on, or use -Target.", leftOut.Version);
        }

        return chosen;
    }
}
