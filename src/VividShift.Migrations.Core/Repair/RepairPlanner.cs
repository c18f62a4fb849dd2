using VividShift.Migrations.Catalog;
using VividShift.Migrations.History;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Repair;

/// <summary>From files, history and a wish to the rows that change: pure, so that it can be asked again under the lock.</summary>
public static class RepairPlanner
{
    /// <summary>Makes the plan.</summary>
    public static RepairPlan Plan(PlanContext context, RepairRequest request)
    {
        var draft = new RepairPlanBuilder(context, request);
        switch (request.Kind)
        {
            case RepairKind.Checksums:
                ChecksumRepair.Judge(draft);
                break;
            case RepairKind.Applied or RepairKind.NotApplied:
                JudgeFailed(draft);
                break;
            case RepairKind.Missing:
                JudgeMissing(draft);
                break;
            case RepairKind.Register:
                Registration.Judge(draft);
                break;
            case RepairKind.Unregister:
                Registration.JudgeBack(draft);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(request), request.Kind, "The repair is not known.");
        }

        return draft.ToPlan();
    }

    static void JudgeFailed(RepairPlanBuilder draft)
    {
        var failed = draft.Rows.Where(r => !r.Success).ToList();
        if (draft.Request.Versions is null)
        {
            var which = failed.Count == 0
                ? "No migration is unfinished."
                : $"Unfinished: {string.Join(", ", failed.Select(RepairPlanBuilder.NameOf))}.";
            draft.Refuse(which, "Say with -Version, or by the pipeline, which migration is settled.", version: null);
            return;
        }

        foreach (var row in draft.NamedRows())
        {
            if (row.Success)
            {
                draft.PassOver(row.Version, $"{RepairPlanBuilder.NameOf(row)} is applied and not unfinished.",
                    "Only a migration that stopped half-way is settled; an applied one is taken out of history by Unregister-VsMigration.");
            }
            else if (draft.Request.Kind == RepairKind.NotApplied)
            {
                draft.Remove(row, "settled as not applied: nothing of it is in the database any more");
            }
            else
            {
                JudgeApplied(draft, row);
            }
        }
    }

    static void JudgeApplied(RepairPlanBuilder draft, AppliedMigration row)
    {
        if (draft.Context.Catalog.Find(row.Version)?.Up is not { } up)
        {
            draft.Refuse(row);
        }
        else if (up.Checksum != row.Checksum && ChecksumDifference.Explain(up, row.Checksum) is null && !draft.Request.AcceptChange)
        {
            draft.Refuse($"{RepairPlanBuilder.NameOf(row)} was edited after it stopped half-way ({up.Path}).",
                "If the database holds what the file says now, settle it with -Applied -AcceptChange.", row.Version);
        }
        else
        {
            var edited = up.Checksum != row.Checksum ? " as its file is now" : string.Empty;
            draft.Change(
                row,
                row with { Success = true, Checksum = up.Checksum, Description = up.Description, ExecutionTime = -1 },
                $"settled as applied{edited}: all of it is in the database");
        }
    }

    static void JudgeMissing(RepairPlanBuilder draft)
    {
        var gone = draft.Rows.Where(r => draft.Context.Catalog.Find(r.Version)?.Up is null).ToList();
        if (gone.Count > 0 && gone.Count == draft.Rows.Count && !draft.Request.Force)
        {
            draft.Refuse(
                FormattableString.Invariant($"None of the {gone.Count} migrations in history has a file in {string.Join(", ", draft.Context.Catalog.Folders)}: it looks like the wrong folder."),
                "Name the right folder with -Path, or forget all of history with -Force.", version: null);
            return;
        }

        var candidates = draft.Request.Versions is null ? gone : draft.NamedRows();
        foreach (var row in candidates)
        {
            if (!gone.Contains(row))
            {
                draft.PassOver(row.Version, $"{RepairPlanBuilder.NameOf(row)} has a file.",
                    "Only a migration without a file is forgotten; one with a file is taken out of history by Unregister-VsMigration.");
            }
            else
            {
                draft.Remove(row, "its file is gone; what it made stays in the database");
            }
        }
    }
}
