using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.Planning;

/// <summary>Which up scripts run. All checks come before any write: sqlx interleaves them and stops half-way.</summary>
static class UpPlanner
{
    public static void Fill(PlanBuilder draft, PlanContext context, PlanRequest request)
    {
        var rows = context.History.Rows.ToDictionary(r => r.Version);
        JudgeFiles(draft, context);
        JudgeHistory(draft, context, request, rows);
        var pending = context.Catalog.Migrations
            .Where(m => m.Up is not null && (!rows.TryGetValue(m.Version, out var row) || (!row.Success && request.Force)))
            .ToList();
        foreach (var migration in Limit(draft, context, request, pending, rows))
        {
            var retries = rows.ContainsKey(migration.Version);
            JudgeOrder(draft, context, request, migration, retries);
            draft.Add(MigrationDirection.Up, migration.Up!, migration.Up!.Checksum, retries);
        }
    }

    static void JudgeFiles(PlanBuilder draft, PlanContext context)
    {
        foreach (var finding in context.Catalog.Findings)
        {
            if (finding.RefusedAs is { } code)
            {
                draft.Refusals.Add(new(code, finding.Message, finding.RecommendedAction ?? string.Empty)
                {
                    Version = finding.Version,
                    Location = finding.Path is null ? null : new(finding.Path, finding.Line ?? 1, finding.Column ?? 1),
                    Target = finding.Path,
                });
            }
            else
            {
                draft.Warnings.Add(finding.Message);
            }
        }
    }

    static void JudgeHistory(PlanBuilder draft, PlanContext context, PlanRequest request, Dictionary<long, AppliedMigration> rows)
    {
        foreach (var row in rows.Values)
        {
            var migration = context.Catalog.Find(row.Version);
            if (!row.Success)
            {
                JudgeFailed(draft, request, row, migration);
            }
            else if (migration is null)
            {
                draft.RefuseUnless(request.IgnoreMissing || request.Force, MigrationErrorCode.MigrationMissing,
                    FormattableString.Invariant($"Migration {row.Version} ({row.Description}) was applied, and its file is gone."),
                    HistoryAdvice.Missing, row.Version, row);
            }
            else if (migration.Up is { } up && up.Checksum != row.Checksum)
            {
                draft.RefuseUnless(request.Force, MigrationErrorCode.ChecksumMismatch,
                    FormattableString.Invariant($"Migration {row.Version} ({row.Description}) was applied and is no longer the same: ") +
                    StatusReport.ModifiedText(up, row),
                    HistoryAdvice.Modified(up, row), row.Version, up);
            }
        }
    }

    static void JudgeFailed(PlanBuilder draft, PlanRequest request, AppliedMigration row, Migration? migration)
    {
        var what = FormattableString.Invariant($"Migration {row.Version} ({row.Description}) stopped half-way, outside a transaction.");
        if (migration?.Up is null)
        {
            draft.Refuse(
                MigrationErrorCode.DirtyMigration,
                what + " Its file is gone, so it cannot be run again.",
                HistoryAdvice.FailedAndMissing,
                row.Version,
                row);
        }
        else
        {
            draft.RefuseUnless(request.Force, MigrationErrorCode.DirtyMigration, what,
                HistoryAdvice.Failed, row.Version, row);
        }
    }

    static void JudgeOrder(PlanBuilder draft, PlanContext context, PlanRequest request, Migration migration, bool retries)
    {
        if (!retries && context.History.Newest > migration.Version)
        {
            draft.RefuseUnless(request.AllowOutOfOrder || request.Force, MigrationErrorCode.OutOfOrder,
                FormattableString.Invariant($"Migration {migration} is older than {context.History.Newest}, the newest applied version."),
                "Give it a newer version if nobody has applied it yet, or apply it late with -AllowOutOfOrder.", migration.Version, migration.Up);
        }
    }

    static List<Migration> Limit(
        PlanBuilder draft, PlanContext context, PlanRequest request, List<Migration> pending, Dictionary<long, AppliedMigration> rows)
    {
        if (request.Selection is { } selection)
        {
            return Select(draft, pending, selection, rows);
        }

        if (request.Target is { } target)
        {
            JudgeTarget(draft, context, target);
            pending = pending.FindAll(m => m.Version <= target);
        }

        return request.Count is { } count ? [.. pending.Take(count)] : pending;
    }

    static void JudgeTarget(PlanBuilder draft, PlanContext context, long target)
    {
        if (context.Catalog.Find(target) is null)
        {
            draft.Refuse(MigrationErrorCode.TargetInvalid,
                FormattableString.Invariant($"No file has version {target}, the target."),
                "See Get-VsMigrationStatus for the versions there are.", target);
        }
        else if (context.History.Newest > target)
        {
            draft.Refuse(MigrationErrorCode.TargetInvalid,
                FormattableString.Invariant($"The target {target} is older than {context.History.Newest}, the newest applied version."),
                FormattableString.Invariant($"To go back, use Undo-VsMigration -Target {target}."), target);
        }
    }

    /// <summary>What came down the pipeline must be the beginning of what is pending: the third cannot be applied without the second.</summary>
    static List<Migration> Select(
        PlanBuilder draft, List<Migration> pending, IReadOnlyList<long> selection, Dictionary<long, AppliedMigration> rows)
    {
        var wanted = selection.Where(v => !rows.TryGetValue(v, out var row) || !row.Success).ToHashSet();
        var chosen = pending.TakeWhile(m => wanted.Contains(m.Version)).ToList();
        var leftOut = pending.Skip(chosen.Count).FirstOrDefault();
        var beyond = wanted.Except(chosen.Select(m => m.Version)).Order().ToList();
        if (beyond.Count > 0)
        {
            var why = leftOut is not null && beyond[^1] > leftOut.Version
                ? FormattableString.Invariant(
                    $"The piped migrations leave out {leftOut}, which comes before {beyond.First(v => v > leftOut.Version)}.")
                : FormattableString.Invariant($"The piped migration {beyond[0]} is not pending in these folders.");
            draft.Refuse(MigrationErrorCode.NotContiguous, why,
                "Pipe all pending migrations up to the last one you want, or use -Target.", leftOut?.Version ?? beyond[0], leftOut);
        }

        return chosen;
    }
}
