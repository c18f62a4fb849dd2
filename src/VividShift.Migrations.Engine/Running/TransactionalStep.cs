using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Engine.Running;

/// <summary>Script and history row as one transaction: both are there afterwards, or neither is.</summary>
static class TransactionalStep
{
    /// <summary>Runs the step; BEGIN, all its statements, the row and COMMIT go in one round trip where they fit.</summary>
    public static async Task RunAsync(RunContext run, PlanStep step, CancellationToken cancellationToken)
    {
        run.Sender.Add(step.Script.OpensWith ?? "BEGIN");
        await AddBodyAsync(run, step, cancellationToken);
        run.Sender.Add("COMMIT");
        await run.Sender.FlushAsync(cancellationToken);
    }

    /// <summary>Everything between BEGIN and COMMIT.</summary>
    public static async Task AddBodyAsync(RunContext run, PlanStep step, CancellationToken cancellationToken)
    {
        run.Sender.Add(ApplicationName.Set(run.Session.Name, step.Version, local: true));
        foreach (var statement in step.Script.Body)
        {
            await run.Sender.AddAsync(step.Script, statement, cancellationToken);
        }

        foreach (var sql in run.Session.BeforeBookkeeping)
        {
            run.Sender.Add(sql);
        }

        run.Sender.Add(step switch
        {
            { Direction: MigrationDirection.Down } => HistorySql.Delete(run.HistoryTable, step.Version),
            // Failed earlier as a file outside a transaction; the file was fixed since and is a transaction now.
            { RetriesFailed: true } => HistorySql.Again(run.HistoryTable, step, success: true),
            _ => HistorySql.Insert(run.HistoryTable, step, success: true),
        });
    }
}
