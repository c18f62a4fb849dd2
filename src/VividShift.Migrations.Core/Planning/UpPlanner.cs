using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Diagnostics.Rules;
using VividShift.Migrations.History;

namespace VividShift.Migrations.Planning;

/// <summary>Which up scripts run. All checks come before any write: sqlx interleaves them and stops half-way.</summary>
static class UpPlanner
{
    public static void Fill(PlanBuilder builder)
    {
        var judged = HistoryRules.Judge(builder.Context.Catalog, builder.Context.History);
        var ofHistory = judged.Where(j => j.Row is not null).Select(j => j.Finding).OfType<Finding>();
        foreach (var finding in builder.Context.Catalog.Findings.Concat(ofHistory))
        {
            builder.Keep(finding);
        }

        var again = builder.Request.Force;
        var pending = judged.Where(j => j.Migration?.Up is not null && (j.Row is null || (!j.Row.Success && again))).ToList();
        foreach (var next in Limit(builder, pending, judged))
        {
            if (next.State == MigrationState.OutOfOrder)
            {
                builder.Keep(next.Finding);
            }

            var up = next.Migration!.Up!;
            builder.Add(MigrationDirection.Up, up, up.Checksum, retriesFailed: next.Row is not null);
        }
    }

    static List<JudgedMigration> Limit(PlanBuilder builder, List<JudgedMigration> pending, IReadOnlyList<JudgedMigration> judged)
    {
        if (builder.Request.Selection is { } selection)
        {
            return Select(builder, pending, selection, judged);
        }

        if (builder.Request.Target is { } target)
        {
            JudgeTarget(builder, target);
            pending = pending.FindAll(m => m.Version <= target);
        }

        return builder.Request.Count is { } count ? [.. pending.Take(count)] : pending;
    }

    static void JudgeTarget(PlanBuilder builder, long target)
    {
        var newest = builder.Context.History.Newest;
        if (builder.Context.Catalog.Find(target) is null)
        {
            builder.Refuse(MigrationErrorCode.TargetInvalid,
                FormattableString.Invariant($"No file has version {target}, the target."),
                "See Get-VsMigrationStatus for the versions there are.", target);
        }
        else if (newest > target)
        {
            builder.Refuse(MigrationErrorCode.TargetInvalid,
                FormattableString.Invariant($"The target {target} is older than {newest}, the newest applied version."),
                FormattableString.Invariant($"To go back, use Undo-VsMigration -Target {target}."), target);
        }
    }

    /// <summary>What came down the pipeline must be the beginning of what is pending: the third cannot be applied without the second.</summary>
    static List<JudgedMigration> Select(
        PlanBuilder builder, List<JudgedMigration> pending, IReadOnlyList<long> selection, IReadOnlyList<JudgedMigration> judged)
    {
        var applied = judged.Where(j => j.Row is { Success: true }).Select(j => j.Version).ToHashSet();
        var wanted = selection.Where(v => !applied.Contains(v)).ToHashSet();
        var chosen = pending.TakeWhile(m => wanted.Contains(m.Version)).ToList();
        var leftOut = pending.Skip(chosen.Count).FirstOrDefault()?.Migration;
        var beyond = wanted.Except(chosen.Select(m => m.Version)).Order().ToList();
        if (beyond.Count > 0)
        {
            var why = leftOut is not null && beyond[^1] > leftOut.Version
                ? FormattableString.Invariant(
                    $"The piped migrations leave out {leftOut}, which comes before {beyond.First(v => v > leftOut.Version)}.")
                : FormattableString.Invariant($"The piped migration {beyond[0]} is not pending in these folders.");
            builder.Refuse(MigrationErrorCode.NotContiguous, why,
                "Pipe all pending migrations up to the last one you want, or use -Target.", leftOut?.Version ?? beyond[0]);
        }

        return chosen;
    }
}
