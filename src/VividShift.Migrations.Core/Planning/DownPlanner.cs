using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.Planning;

/// <summary>
/// Which down scripts run, newest first. Every applied migration in the range is undone or the plan is refused: sqlx passes over those
/// without a down script and undoes an older one instead.
/// </summary>
static class DownPlanner
{
    public static void Fill(PlanBuilder draft, PlanContext context, PlanRequest request)
    {
        var newestFirst = context.History.Rows.Reverse().ToList();
        var range = Limit(draft, context, request, newestFirst);
        var versions = range.Select(r => r.Version).ToHashSet();
        JudgeFiles(draft, context, versions);
        foreach (var row in range)
        {
            var migration = context.Catalog.Find(row.Version);
            JudgeRow(draft, request, row, migration);
            if (migration?.Down is { } down)
            {
                draft.Add(MigrationDirection.Down, down, row.Checksum, retriesFailed: !row.Success);
                if (draft.Steps[^1].Statements == 0)
                {
                    draft.Warnings.Add($"{down.FileName} holds no statement: reverting it only removes its row from history.");
                }
            }
            else
            {
                draft.Refuse(MigrationErrorCode.Irreversible,
                    FormattableString.Invariant(
                        $"Migration {row.Version} ({row.Description}) has no down script, and it is never passed over to undo an older one."),
                    FormattableString.Invariant(
                        $"Write the down script ({NameOfDown(migration, row)}), or stop before it with -Target {row.Version}."),
                    row.Version, migration?.Up ?? (object)row);
            }
        }
    }

    static void JudgeFiles(PlanBuilder draft, PlanContext context, HashSet<long> range)
    {
        foreach (var finding in context.Catalog.Findings)
        {
            if (finding.RefusedAs is { } code && finding.Version is { } version && range.Contains(version))
            {
                draft.Refusals.Add(new(code, finding.Message, finding.RecommendedAction ?? string.Empty)
                {
                    Version = version,
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

    static void JudgeRow(PlanBuilder draft, PlanRequest request, AppliedMigration row, Migration? migration)
    {
        var name = FormattableString.Invariant($"Migration {row.Version} ({row.Description})");
        if (!row.Success)
        {
            draft.RefuseUnless(request.Force, MigrationErrorCode.DirtyMigration,
                $"{name} stopped half-way, outside a transaction.",
                "Look at which of its statements took effect; if its down script bears that (IF EXISTS), run it with -Force.", row.Version, row);
        }
        else if (migration?.Up is { } up && up.Checksum != row.Checksum)
        {
            draft.RefuseUnless(request.Force, MigrationErrorCode.ChecksumMismatch,
                $"{name} is no longer what was applied, so its down script may not fit: {StatusReport.ModifiedText(up, row)}",
                "Bring the file back as it was applied, or undo it all the same with -Force.", row.Version, up);
        }
    }

    static List<AppliedMigration> Limit(PlanBuilder draft, PlanContext context, PlanRequest request, List<AppliedMigration> newestFirst)
    {
        if (request.Selection is { } selection)
        {
            return Select(draft, newestFirst, selection);
        }

        if (request.Target is { } target)
        {
            JudgeTarget(draft, context, target);
            return newestFirst.FindAll(r => r.Version > target);
        }

        return request.All ? newestFirst : [.. newestFirst.Take(request.Count ?? 1)];
    }

    static void JudgeTarget(PlanBuilder draft, PlanContext context, long target)
    {
        // Zero means "before the first" in sqlx, whether or not there is such a version.
        if (target != 0 && context.Catalog.Find(target) is null && context.History.Rows.All(r => r.Version != target))
        {
            draft.Refuse(MigrationErrorCode.TargetInvalid,
                FormattableString.Invariant($"Version {target}, the target, is in no file and not in history."),
                "See Get-VsMigrationStatus for the versions there are; -All undoes everything.", target);
        }
        else if (context.History.Newest is { } newest && target > newest)
        {
            draft.Refuse(MigrationErrorCode.TargetInvalid,
                FormattableString.Invariant($"The target {target} is newer than {newest}, the newest applied version: there is nothing to undo."),
                FormattableString.Invariant($"To go forwards, use Invoke-VsMigration -Target {target}."), target);
        }
    }

    static List<AppliedMigration> Select(PlanBuilder draft, List<AppliedMigration> newestFirst, IReadOnlyList<long> selection)
    {
        var wanted = selection.ToHashSet();
        wanted.IntersectWith(newestFirst.Select(r => r.Version));
        var chosen = newestFirst.TakeWhile(r => wanted.Contains(r.Version)).ToList();
        if (chosen.Count < wanted.Count)
        {
            var leftOut = newestFirst[chosen.Count];
            draft.Refuse(MigrationErrorCode.NotContiguous,
                FormattableString.Invariant(
                    $"The piped migrations leave out {leftOut.Version} ({leftOut.Description}), which was applied after one of them."),
                "Pipe all applied migrations from the newest on, or use -Target.", leftOut.Version, leftOut);
        }

        return chosen;
    }

    static string NameOfDown(Migration? migration, AppliedMigration row) => migration?.Up is { } up
        ? up.FileName[..^(up.Kind == MigrationKind.Up ? ".up.sql" : ".sql").Length] + ".down.sql"
        : FormattableString.Invariant($"{row.Version}_{row.Description.Replace(' ', '_')}.down.sql");
}
