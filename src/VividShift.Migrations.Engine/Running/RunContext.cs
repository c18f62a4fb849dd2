using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Running;

/// <summary>What every step of one run works with.</summary>
sealed class RunContext(Session session, string historyTable, bool oneTransaction, IMigrationObserver observer)
{
    readonly List<Notice> _notices = [];

    public Session Session { get; } = session;

    public string HistoryTable { get; } = historyTable;

    /// <summary>True when the whole run is one transaction.</summary>
    public bool OneTransaction { get; } = oneTransaction;

    public IMigrationObserver Observer { get; } = observer;

    public StatementSender Sender { get; } = new(session, observer);

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
