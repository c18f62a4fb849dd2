namespace VividShift.Migrations.Planning;

/// <summary>Decides what should happen next. Pure: the same files and the same history give the same plan.</summary>
public static class Planner
{
    /// <summary>The plan, with its refusals; never throws for what files or history hold.</summary>
    public static MigrationPlan Plan(PlanContext context, PlanRequest request)
    {
        var draft = new PlanBuilder(context.Scripts);
        if (request.Direction == MigrationDirection.Up)
        {
            UpPlanner.Fill(draft, context, request);
        }
        else
        {
            DownPlanner.Fill(draft, context, request);
        }

        if (draft.Steps.Count > 0 || request.Direction == MigrationDirection.Down)
        {
            var (refusals, warnings) = JudgeTable(context, request.Force);
            draft.Refusals.InsertRange(0, refusals);
            draft.Warnings.InsertRange(0, warnings);
        }

        foreach (var step in draft.Steps)
        {
            draft.Refusals.AddRange(TransactionalityAnalyzer.Refusals(step.File, step.Script));
        }

        if (request.Transaction == TransactionMode.All && draft.Steps.Find(s => !s.Transactional) is { } outside)
        {
            draft.Refuse(
                MigrationErrorCode.TransactionImpossible,
                $"One transaction for the whole run is impossible: {outside.File.FileName} must run outside one, because {outside.NonTransactionalReason}.",
                "Leave -Transaction out, or run up to the migration before it with -Target.",
                outside.Version,
                outside);
        }

        return new()
        {
            Database = context.Database,
            Request = request,
            Context = context,
            Steps = draft.Steps,
            Refusals = draft.Refusals,
            Warnings = draft.Warnings,
        };
    }

    /// <summary>
    /// What is the matter with the history table itself, as refusals and as what is overridden. Another history can be, because a schema for each
    /// tenant has many; another owner cannot.
    /// </summary>
    internal static (IReadOnlyList<PlanRefusal> Refusals, IReadOnlyList<string> Warnings) JudgeTable(PlanContext context, bool force)
    {
        var overridden = context.HistoryFindings.ToLookup(finding => force && finding.RefusedAs == MigrationErrorCode.HistoryElsewhere);
        return (
            [.. overridden[false].Select(f => new PlanRefusal(f.RefusedAs ?? MigrationErrorCode.HistoryInvalid, f.Message, f.RecommendedAction ?? string.Empty))],
            [.. overridden[true].Select(f => f.Message + " It runs all the same, as asked.")]);
    }
}
