using Npgsql;
using VividShift.Migrations.Activity;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Activity;

/// <summary>
/// Sends the signals, then waits until each took effect. A process id is used again, and a session goes on to its next statement: what is
/// signalled must still be what was seen, and the server decides that in the same statement.
/// </summary>
sealed class ActivityStop(Session session, IMigrationObserver observer)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // IS NOT DISTINCT FROM: a role that may signal and not see has nulls on both sides.
    const string Same = "a.pid = $1 AND a.backend_start IS NOT DISTINCT FROM $2";
    const string SameStatement = Same + " AND a.state IS NOT DISTINCT FROM $3 AND a.query_start IS NOT DISTINCT FROM $4";
    const string Unchanged = SameStatement + " AND a.state_change IS NOT DISTINCT FROM $5";

    /// <summary>One answer for each, in the same order.</summary>
    public async Task<IReadOnlyList<StopActivityResult>> RunAsync(IReadOnlyList<StopActivityRequest> ends, CancellationToken cancellationToken)
    {
        var answers = new StopActivityResult?[ends.Count];
        for (var i = 0; i < ends.Count; i++)
        {
            answers[i] = await SignalAsync(ends[i], cancellationToken);
        }

        var waiting = new Backoff(Pause);
        var open = Enumerable.Range(0, ends.Count).Where(i => answers[i] is null).ToHashSet();
        while (open.Count > 0)
        {
            foreach (var i in open.ToList())
            {
                if (!await IsThereAsync(ends[i], cancellationToken))
                {
                    answers[i] = new(
                        ends[i].Activity, ends[i].Terminate ? ActivityOutcome.Terminated : ActivityOutcome.Cancelled, waiting.Elapsed, null);
                    open.Remove(i);
                    observer.Report(new VerboseMessage($"{answers[i]}."));
                }
                else if (waiting.Elapsed >= ends[i].Patience)
                {
                    answers[i] = StillThere(ends[i], waiting.Elapsed);
                    open.Remove(i);
                }
            }

            if (open.Count > 0)
            {
                await waiting.WaitAsync(cancellationToken);
            }
        }

        return [.. answers.OfType<StopActivityResult>()];
    }

    async Task<StopActivityResult?> SignalAsync(StopActivityRequest end, CancellationToken cancellationToken)
    {
        var seen = end.Activity;
        if (seen.ProcessId == session.ProcessId)
        {
            return Not(seen, ActivityOutcome.Refused, "it is the session that asks.", "Name another one.");
        }

        if (!end.Terminate && seen.State is ActivityState.Idle or ActivityState.IdleInTransaction or ActivityState.IdleInFailedTransaction)
        {
            return Not(seen, ActivityOutcome.NothingToCancel, "it waits for its client and runs no statement.", "End the session with -Terminate.");
        }

        if (seen.BackendType is not (null or "client backend" or "autovacuum worker" or "parallel worker" or "walsender"))
        {
            return Not(seen, ActivityOutcome.Refused, $"it is the server's own {seen.BackendType}.", "Leave it to the server.");
        }

        var condition = end.OnlyIfUnchanged ? Unchanged : end.Terminate ? Same : SameStatement;
        await using var signal = Command(
            $"SELECT {(end.Terminate ? "pg_terminate_backend" : "pg_cancel_backend")}(a.pid) FROM pg_catalog.pg_stat_activity a WHERE {condition}",
            seen);
        try
        {
            return await signal.ExecuteScalarAsync(cancellationToken) is true
                ? null
                : Not(
                    seen,
                    ActivityOutcome.Gone,
                    "it has gone by itself or does something else by now. Nothing was done.",
                    "Look again with Get-VsDatabaseActivity.");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return Not(seen, ActivityOutcome.Refused, $"'{session.Target.UserName}' may not: {e.MessageText}.",
                "Sign in as that role, as a member of pg_signal_backend, or for a superuser's session as a superuser.");
        }
    }

    async Task<bool> IsThereAsync(StopActivityRequest end, CancellationToken cancellationToken)
    {
        var condition = end.Terminate ? Same : SameStatement;
        await using var command = Command($"SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE {condition})", end.Activity);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    NpgsqlCommand Command(string sql, DatabaseActivity seen)
    {
        var command = new NpgsqlCommand(sql, session.Connection);
        command.Parameters.Add(new() { Value = seen.ProcessId });
        Add(seen.SessionStart);
        if (sql.Contains("$3", StringComparison.Ordinal))
        {
            command.Parameters.Add(new() { Value = StateName(seen.State) ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
            Add(seen.StatementStart);
        }

        if (sql.Contains("$5", StringComparison.Ordinal))
        {
            Add(seen.StateChanged);
        }

        return command;

        void Add(DateTimeOffset? moment) => command.Parameters.Add(
            new() { Value = moment is null ? DBNull.Value : moment.Value.UtcDateTime, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz });
    }

    static string? StateName(ActivityState state) => state switch
    {
        ActivityState.Active => "active",
        ActivityState.Idle => "idle",
        ActivityState.IdleInTransaction => "idle in transaction",
        ActivityState.IdleInFailedTransaction => "idle in transaction (aborted)",
        _ => null,
    };

    static StopActivityResult Not(DatabaseActivity seen, ActivityOutcome outcome, string why, string advice) =>
        new(seen, outcome, TimeSpan.Zero, $"Session {seen} was not ended: {why}") { RecommendedAction = advice };

    static StopActivityResult StillThere(StopActivityRequest end, TimeSpan waited)
    {
        var advice = end.Terminate
            ? "It ends when it next looks: a long write, a lost disk or a rollback can keep it. Look again with Get-VsDatabaseActivity."
            : "Some work cannot be cut off; look again with Get-VsDatabaseActivity, then end the session with -Terminate.";
        return new(end.Activity, ActivityOutcome.StillRunning, waited, FormattableString.Invariant(
            $"Session {end.Activity} was told to {(end.Terminate ? "end" : "cancel its statement")} {waited.TotalSeconds:0.0} s ago and is still there."))
        {
            RecommendedAction = advice,
        };
    }
}
