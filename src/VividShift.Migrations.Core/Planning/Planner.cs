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
}
