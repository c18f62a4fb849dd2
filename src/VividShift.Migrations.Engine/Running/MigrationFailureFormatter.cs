using System.Text;
using Npgsql;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Running;

/// <summary>Turns what went wrong in a step into an error that says what, where, what state the database is in, and what to do next.</summary>
sealed class MigrationFailureFormatter(Session session, bool oneTransaction, IReadOnlyCollection<MigrationResult> done)
{
    public static bool IsServerOrConnection(Exception e) => e is StatementFailedException or NpgsqlException or IOException or TimeoutException;

    /// <summary>The error that a user reads.</summary>
    /// <param name="e">What the server answered, or how the connection broke.</param>
    /// <param name="attempt">The step that failed.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="result">The step's result, which becomes the error's target.</param>
    public MigrationException Explain(Exception e, StepAttempt attempt, FailedStepOutcome outcome, MigrationResult result)
    {
        var step = attempt.Step;
        var failed = e as StatementFailedException;
        var cause = failed?.Cause ?? e as PostgresException;
        var details = cause is null ? null : SqlErrors.Details(cause, failed?.Sql);
        var location = failed?.Statement is { } statement ? StatementLocation.Of(step, statement, cause!) : null;
        var code = CodeOf(e, cause);
        var state = StateText(attempt, outcome);
        var advice = RecommendedAction(code, step, outcome, ofOurs: failed is { Statement: null } ? cause : null);
        var text = new StringBuilder();
        text.Append(FormattableString.Invariant($"Migration {step.Version} ({step.Description}) failed"));
        text.Append(location is null ? $" ({step.Path})" : $" at {location}").Append(": ");
        text.Append(WhatHappened(e, cause)).Append('.');
        StatementLocation.AppendExcerpt(text, location);
        AppendLine(text, "DETAIL", details?.Detail);
        AppendLine(text, "HINT", details?.Hint);
        AppendLine(text, "CONTEXT", details?.Where);
        return Failure(result with { Problem = Failure(null).Message });

        MigrationException Failure(MigrationResult? target) =>
            new(code, text.ToString(), advice, e) { DatabaseState = state, Location = location, Sql = details, Target = target };
    }

    string WhatHappened(Exception e, PostgresException? cause) => cause switch
    {
        null when IsTimeout(e) => FormattableString.Invariant(
            $"a statement did not finish within {session.Connection.CommandTimeout} s (-CommandTimeoutSec) and was cancelled"),
        null => $"the connection to {session.Target} was lost ({e.Message.TrimEnd('.')})",
        _ => $"{cause.MessageText} ({cause.SqlState})",
    };

    static MigrationErrorCode CodeOf(Exception e, PostgresException? cause) =>
        SqlErrors.IsConnectionLoss(cause ?? e) ? MigrationErrorCode.ConnectionLost : MigrationErrorCode.MigrationFailed;

    static bool IsTimeout(Exception e) => e is TimeoutException || e.InnerException is TimeoutException;

    string StateText(StepAttempt attempt, FailedStepOutcome outcome)
    {
        var step = attempt.Step;
        var before = done.Count == 0
            ? string.Empty
            : FormattableString.Invariant(
                $" {done.Count} migration(s) before it in this run stay {(step.Direction == MigrationDirection.Up ? "applied" : "reverted")}.");
        var own = outcome switch
        {
            FailedStepOutcome.Nothing when oneTransaction => "The whole run was rolled back: the database is as it was before it.",
            FailedStepOutcome.Durable when oneTransaction => "The whole run had been committed before that.",
            FailedStepOutcome.Nothing when step.Transactional => "It was rolled back: the database is as it was before it.",
            FailedStepOutcome.Nothing => "Nothing of it took effect.",
            FailedStepOutcome.Unfinished => FormattableString.Invariant(
                $"It runs outside a transaction: {attempt.Finished} of its {step.Script.Body.Count} statements took effect and stay, and history has it as unfinished (success = false)."),
            FailedStepOutcome.Durable => $"It had been committed before that: it is {(step.Direction == MigrationDirection.Up ? "applied" : "reverted")}.",
            _ => "Whether it took effect could not be found out: the server does not answer.",
        };
        var invalid = attempt.InvalidIndexes.Length == 0
            ? string.Empty
            : $" Marked invalid in this database: {attempt.InvalidIndexes}; an invalid index slows writes and serves no query, and IF NOT EXISTS takes it for a good one, so drop it (DROP INDEX CONCURRENTLY).";
        return own + invalid + before;
    }

    static string RecommendedAction(MigrationErrorCode code, PlanStep step, FailedStepOutcome outcome, PostgresException? ofOurs)
    {
        var verb = step.Direction == MigrationDirection.Up ? "Invoke-VsMigration" : "Undo-VsMigration";
        // The row is the only thing of ours that can be there twice.
        if (ofOurs?.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return "Another tool recorded this version meanwhile (sqlx-cli takes no lock). See Get-VsMigrationStatus, then run again.";
        }

        return (code, outcome) switch
        {
            (_, FailedStepOutcome.Unfinished) =>
                $"Undo what took effect or make the script re-runnable (IF EXISTS, IF NOT EXISTS), then run {verb} -Force, which runs it from its first statement.",
            (_, FailedStepOutcome.Unknown) => "When the server is back, see Get-VsMigrationStatus.",
            (MigrationErrorCode.ConnectionLost, _) => $"See Get-VsMigrationStatus, then run {verb} again.",
            _ => $"Fix the file and run {verb} again.",
        };
    }

    static void AppendLine(StringBuilder text, string label, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            text.Append('\n').Append(label).Append(": ").Append(value);
        }
    }
}
