using VividShift.Migrations.Diagnostics.Rules;

namespace VividShift.Migrations.Planning;

/// <summary>Decides what should happen next. Pure: the same files and the same history give the same plan.</summary>
public static class Planner
{
    /// <summary>The plan, with its findings; never throws for what files or history hold.</summary>
    public static MigrationPlan Plan(PlanContext context, PlanRequest request)
    {
        var builder = new PlanBuilder(context, request);
        if (request.Direction == MigrationDirection.Up)
        {
            UpPlanner.Fill(builder);
        }
        else
        {
            DownPlanner.Fill(builder);
        }

        foreach (var finding in builder.Steps.SelectMany(step => MigrationRules.CheckScript(new MigrationScript(step.File, step.Script))))
        {
            // What else there is to say of a script, Test-VsMigration says.
            if (finding.Refuses)
            {
                builder.Keep(finding);
            }
        }

        if (request.Transaction == TransactionMode.All && builder.Steps.Find(s => !s.Transactional) is { } outside)
        {
            builder.Refuse(
                MigrationErrorCode.TransactionImpossible,
                $"One transaction for the whole run is impossible: {outside.File.FileName} must run outside one, "
                + $"because {outside.NonTransactionalReason}.",
                "Leave -Transaction out, or run up to the migration before it with -Target.",
                outside.Version);
        }

        return new()
        {
            Database = context.Database,
            Request = request,
            Context = context,
            Steps = builder.Steps,
            Findings = builder.Findings,
        };
    }
}
