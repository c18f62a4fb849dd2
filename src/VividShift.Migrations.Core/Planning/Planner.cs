using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.Planning;

/// <summary>Decides what should happen next. Pure: the same files and the same history give the same plan.</summary>
public static class Planner
{
    /// <summary>The plan, with its findings; never throws for what files or history hold.</summary>
    public static MigrationPlan Plan(PlanContext context, PlanRequest request)
    {
        var draft = new PlanBuilder(context, request);
        if (request.Direction == MigrationDirection.Up)
        {
            UpPlanner.Fill(draft);
        }
        else
        {
            DownPlanner.Fill(draft);
        }

        foreach (var finding in draft.Steps.SelectMany(step => MigrationRules.CheckScript(new MigrationScript(step.File, step.Script))))
        {
            // What else there is to say of a script, Test-VsMigration says.
            if (finding.Refuses)
            {
                draft.Keep(finding);
            }
        }

        if (request.Transaction == TransactionMode.All && draft.Steps.Find(s => !s.Transactional) is { } outside)
        {
            draft.Refuse(
                MigrationErrorCode.TransactionImpossible,
                $"One transaction for the whole run is impossible: {outside.File.FileName} must run outside one, because {outside.NonTransactionalReason}.",
                "Leave -Transaction out, or run up to the migration before it with -Target.",
                outside.Version);
        }

        return new() { Database = context.Database, Request = request, Context = context, Steps = draft.Steps, Findings = draft.Findings };
    }
}
