using System.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Running;

/// <summary>
/// Statement by statement, each committing by itself. The row comes first, as <c>success = false</c>: should the run stop half-way, both
/// this tool and sqlx-cli, which takes no lock, refuse to go on.
/// </summary>
static class StatementStep
{
    const int SummaryLength = 80;

    /// <summary>Runs the step and notes how far it gets.</summary>
    public static async Task RunAsync(RunContext run, PlanStep step, StepProgress progress, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        run.Sender.Add(ApplicationName.Set(run.Session.Name, step.Version, local: false));
        run.Sender.Add(step.Direction == MigrationDirection.Down || step.RetriesFailed
            ? HistorySql.Again(run.HistoryTable, step, success: false)
            : HistorySql.Insert(run.HistoryTable, step, success: false));
        await run.Sender.FlushAsync(cancellationToken);
        progress.RowWritten = true;

        foreach (var statement in step.Script.Body)
        {
            run.Observer.Report(new StatementStarted(progress.Finished + 1, step.Script.Body.Count, Summary(step.Script, statement)));
            await run.Sender.AddAsync(step.Script, statement, cancellationToken);
            await run.Sender.FlushAsync(cancellationToken);
            progress.Finished++;
        }

        foreach (var sql in run.Session.ResetStatements)
        {
            run.Sender.Add(sql);
        }

        run.Sender.Add(step.Direction == MigrationDirection.Down
            ? HistorySql.Delete(run.HistoryTable, step.Version)
            : HistorySql.Finish(run.HistoryTable, step.Version, watch.Elapsed));
        await run.Sender.FlushAsync(cancellationToken);
    }

    static string Summary(SqlScript script, SqlStatement statement)
    {
        var text = script.Text.AsSpan(statement.Offset, Math.Min(statement.Length, SummaryLength)).ToString();
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}

/// <summary>How far a step outside a transaction got, for the message if it fails.</summary>
sealed class StepProgress
{
    /// <summary>History has the row as unfinished.</summary>
    public bool RowWritten { get; set; }

    /// <summary>Statements that took effect.</summary>
    public int Finished { get; set; }

    /// <summary>Indexes of the database that are marked invalid after the failure, separated by commas.</summary>
    public string InvalidIndexes { get; set; } = string.Empty;
}
