using System.Data;
using System.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Running;

/// <summary>Runs the steps of one run in its session, and judges what became of one that failed.</summary>
sealed class StepRunner(
    Session session, ResolvedDatabase database, MigrationPlan plan, IReadOnlyList<MigrationResult> done, IMigrationObserver observer)
{
    const int SummaryLength = 80;

    readonly StatementSender _sender = new(session, observer);
    readonly StatementList _statements = new(plan, session.Name, Session.SettingsAfterReset, StatementSender.Elapsed);
    readonly MigrationFailureFormatter _failures = new(session, plan.Request.Transaction == TransactionMode.All, done);
    readonly List<Notice> _notices = [];

    /// <summary>True when the whole run is one transaction.</summary>
    public bool OneTransaction { get; } = plan.Request.Transaction == TransactionMode.All;

    /// <summary>Runs a step to its end: it is durable then.</summary>
    /// <param name="step">The step.</param>
    /// <param name="ordinal">Its place in the run, from 1.</param>
    /// <param name="count">How many there are in the run.</param>
    /// <param name="cancellationToken">Cancels; the step is rolled back.</param>
    /// <exception cref="MigrationException">It failed: what, where, and what state the database is in.</exception>
    public async Task<MigrationResult> RunAsync(PlanStep step, int ordinal, int count, CancellationToken cancellationToken)
    {
        Begin(step, ordinal, count);
        var attempt = new StepAttempt(step);
        await JudgeAsync(attempt, () => SendAsync(attempt, cancellationToken));
        return Result(attempt, step.Direction == MigrationDirection.Up ? MigrationOutcome.Applied : MigrationOutcome.Reverted);
    }

    /// <summary>Runs all steps in one transaction; none is durable before all are.</summary>
    /// <exception cref="MigrationException">One failed, or the end of the transaction: nothing took effect.</exception>
    public async Task<IReadOnlyList<MigrationResult>> RunAllAsync(IReadOnlyList<PlanStep> steps, CancellationToken cancellationToken)
    {
        var results = new List<MigrationResult>(steps.Count);
        await _sender.AddAsync(_statements.Begin, cancellationToken);
        foreach (var step in steps)
        {
            results.Add(await RunAsync(step, results.Count + 1, steps.Count, cancellationToken));
        }

        await JudgeAsync(new(steps[^1]), () => _sender.AddAsync(_statements.Commit, cancellationToken));
        return results;
    }

    /// <summary>Sends what may still be queued, the last duration: also after a failure or in a cancelled run, so on a token of its own.</summary>
    public async Task FlushAsync()
    {
        if (session.Connection.State == ConnectionState.Open)
        {
            using var limit = new CancellationTokenSource(FailedStep.TimeLimit);
            await _sender.FlushAsync(limit.Token);
        }
    }

    void Begin(PlanStep step, int ordinal, int count)
    {
        _notices.Clear();
        session.NoticeHandler = notice =>
        {
            var ofStep = notice with { Version = step.Version };
            lock (_notices)
            {
                _notices.Add(ofStep);
            }

            observer.Report(new NoticeReceived(ofStep));
        };
        observer.Report(new MigrationStarted(ordinal, count, step.Version, step.Description, step.Direction));
    }

    async Task SendAsync(StepAttempt attempt, CancellationToken cancellationToken)
    {
        if (OneTransaction)
        {
            // Others stop between two migrations, where there is nothing to roll back.
            cancellationToken.ThrowIfCancellationRequested();
        }

        foreach (var statement in _statements.Of(attempt.Step))
        {
            var alone = !attempt.Step.Transactional && statement.Boundary == StatementBoundary.RoundTrip;
            if (alone && statement.Role == StatementRole.Body)
            {
                observer.Report(new StatementStarted(attempt.Finished + 1, attempt.Step.Script.Body.Count, Summary(statement)));
            }

            await _sender.AddAsync(statement, attempt.Watch.Elapsed, cancellationToken);
            attempt.RowWritten |= alone && statement.Role == StatementRole.Bookkeeping;
            attempt.Finished += alone && statement.Role == StatementRole.Body ? 1 : 0;
        }
    }

    async Task JudgeAsync(StepAttempt attempt, Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (Exception e) when (MigrationFailureFormatter.IsServerOrConnection(e))
        {
            _sender.Clear();
            var outcome = await FailedStep.FindOutcomeAsync(session, database, plan.Context.History.Table, attempt, observer);
            throw _failures.Explain(e, attempt, outcome, Result(attempt, MigrationOutcome.Failed));
        }
        catch (OperationCanceledException)
        {
            _sender.Clear();
            await FailedStep.RollBackAsync(session, attempt.Step);
            throw;
        }
    }

    MigrationResult Result(StepAttempt attempt, MigrationOutcome outcome)
    {
        lock (_notices)
        {
            return new()
            {
                Version = attempt.Step.Version,
                Description = attempt.Step.Description,
                Direction = attempt.Step.Direction,
                Outcome = outcome,
                Duration = attempt.Watch.Elapsed,
                StartedAt = attempt.StartedAt,
                Transactional = attempt.Step.Transactional,
                Statements = attempt.Step.Statements,
                Notices = [.. _notices],
                Path = attempt.Step.Path,
                Database = session.Target,
            };
        }
    }

    static string Summary(PlannedStatement statement)
    {
        var text = statement.Text[..Math.Min(statement.Text.Length, SummaryLength)].ToString();
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}

/// <summary>A step that was begun, and how far it got.</summary>
sealed class StepAttempt(PlanStep step)
{
    public PlanStep Step { get; } = step;

    public DateTimeOffset StartedAt { get; } = DateTimeOffset.Now;

    public Stopwatch Watch { get; } = Stopwatch.StartNew();

    /// <summary>Outside a transaction: history has the row as unfinished.</summary>
    public bool RowWritten { get; set; }

    /// <summary>Outside a transaction: statements that took effect.</summary>
    public int Finished { get; set; }

    /// <summary>Indexes of the database that are marked invalid after the failure, separated by commas.</summary>
    public string InvalidIndexes { get; set; } = string.Empty;
}
