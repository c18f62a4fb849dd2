using System.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Running;

/// <summary>What every step of one run works with.</summary>
sealed class RunContext(Session session, MigrationPlan plan, IMigrationObserver observer)
{
    const int SummaryLength = 80;

    readonly List<Notice> _notices = [];

    public Session Session { get; } = session;

    public string HistoryTable { get; } = plan.Context.History.Table;

    /// <summary>True when the whole run is one transaction.</summary>
    public bool OneTransaction { get; } = plan.Request.Transaction == TransactionMode.All;

    public IMigrationObserver Observer { get; } = observer;

    public StatementSender Sender { get; } = new(session, observer);

    public StatementList Statements { get; } = new(plan, session.Name, session.SettingsAfterReset, StatementSender.Elapsed);

    /// <summary>What has become durable so far in this run.</summary>
    public List<MigrationResult> Done { get; } = [];

    /// <summary>From now on notices belong to this step.</summary>
    public void Begin(PlanStep step, int ordinal, int count)
    {
        _notices.Clear();
        Session.NoticeHandler = notice =>
        {
            var told = notice with { Version = step.Version };
            lock (_notices)
            {
                _notices.Add(told);
            }

            Observer.Report(new NoticeReceived(told));
        };
        Observer.Report(new MigrationStarted(ordinal, count, step.Version, step.Description, step.Direction));
    }

    /// <summary>Sends what the step comes to and notes how far it gets.</summary>
    public async Task SendAsync(PlanStep step, StepProgress progress, Stopwatch watch, CancellationToken cancellationToken)
    {
        foreach (var statement in Statements.Of(step))
        {
            var alone = !step.Transactional && statement.Boundary == StatementBoundary.RoundTrip;
            if (alone && statement.Role == StatementRole.Body)
            {
                Observer.Report(new StatementStarted(progress.Finished + 1, step.Script.Body.Count, Summary(statement)));
            }

            await Sender.AddAsync(statement, watch.Elapsed, cancellationToken);
            progress.RowWritten |= alone && statement.Role == StatementRole.Bookkeeping;
            progress.Finished += alone && statement.Role == StatementRole.Body ? 1 : 0;
        }
    }

    static string Summary(PlannedStatement statement)
    {
        var text = statement.Text[..Math.Min(statement.Text.Length, SummaryLength)].ToString();
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    public MigrationResult Result(PlanStep step, DateTimeOffset startedAt, TimeSpan duration, MigrationOutcome outcome, string? problem = null)
    {
        lock (_notices)
        {
            return new()
            {
                Version = step.Version,
                Description = step.Description,
                Direction = step.Direction,
                Outcome = outcome,
                Duration = duration,
                StartedAt = startedAt,
                Transactional = step.Transactional,
                Statements = step.Statements,
                Notices = [.. _notices],
                Path = step.Path,
                Database = Session.Target,
                Problem = problem,
            };
        }
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
