using System.Data;
using Npgsql;
using VividShift.Migrations.Activity;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Engine.Activity;

/// <summary>All sessions of the server as one look shows them, in one round trip.</summary>
/// <param name="Sessions">The sessions but our own, not yet a tree.</param>
/// <param name="Database">The database that was looked from, by its own idea of its name.</param>
sealed record ActivityReader(IReadOnlyList<DatabaseActivity> Sessions, string Database)
{
    const string HiddenQuery = "<insufficient privilege>";

    public static Task<ActivityReader> ReadAsync(Session session, CancellationToken cancellationToken) => session.ReadAsync(
        [
            new(ActivitySql.Sessions),
            new(ActivitySql.Waits),
            new(ActivitySql.AdvisoryLocks),
            new(ActivitySql.Progress(session.ServerVersion)),
        ],
        reader => ReadAsync(reader, session.Target, cancellationToken),
        cancellationToken);

    static async Task<ActivityReader> ReadAsync(NpgsqlDataReader reader, DatabaseTarget target, CancellationToken cancellationToken)
    {
        var sessions = await Session.RowsAsync(
            reader, row => (Session: SessionOf(row, target), Database: row.GetString("seen_from")), cancellationToken);
        var database = sessions.Count > 0 ? sessions[0].Database : target.Database;
        await reader.NextResultAsync(cancellationToken);
        var waits = await LockWait.ReadAsync(reader, database, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var locks = await Session.RowsAsync(
            reader, row => (Pid: row.GetInt32("pid"), Key: row.GetInt64("key"), Database: row.GetString("database")), cancellationToken);
        var runners = locks.Where(found => found.Key == RunLock.KeyOf(found.Database)).Select(found => found.Pid).ToHashSet();
        await reader.NextResultAsync(cancellationToken);
        var progress = await ProgressAsync(reader, cancellationToken);
        return new(
            [.. sessions.Select(s => Complete(
                s.Session, waits.GetValueOrDefault(s.Session.ProcessId), runners, progress.GetValueOrDefault(s.Session.ProcessId)))],
            database);
    }

    static DatabaseActivity Complete(DatabaseActivity session, LockWait? wait, HashSet<int> runners, ActivityProgress? progress)
    {
        var runner = runners.Contains(session.ProcessId);
        return session with
        {
            BlockedBy = wait?.Blockers ?? [],
            WantedLock = wait?.Lock,
            MigrationRunner = runner,
            MigrationVersion = ApplicationName.VersionIn(session.Application, runner),
            Progress = progress,
        };
    }

    static DatabaseActivity SessionOf(NpgsqlDataReader row, DatabaseTarget target)
    {
        var now = row.GetTime("now");
        var changed = row.GetTimeOrNull("state_change");
        var begun = row.GetTimeOrNull("xact_start");
        var started = row.GetTimeOrNull("query_start");
        var query = row.GetStringOrNull("query");
        var type = row.GetStringOrNull("backend_type");
        var state = StateOf(row.GetStringOrNull("state"), hidden: type is null && query == HiddenQuery);
        return new()
        {
            ProcessId = row.GetInt32("pid"),
            Role = row.GetStringOrNull("role"),
            Database = row.GetStringOrNull("database"),
            Application = row.GetStringOrNull("application"),
            Client = row.GetStringOrNull("client"),
            BackendType = type,
            State = state,
            WaitEvent = row.GetStringOrNull("wait_event"),
            SessionStart = row.GetTimeOrNull("backend_start"),
            TransactionStart = begun,
            StatementStart = started,
            StateChanged = changed,
            Duration = now - (state == ActivityState.Active ? started : changed),
            TransactionDuration = now - begun,
            Query = state == ActivityState.Hidden || query is "" ? null : query,
            SeenFrom = target,
        };
    }

    static ActivityState StateOf(string? state, bool hidden) => state switch
    {
        _ when hidden => ActivityState.Hidden,
        "active" => ActivityState.Active,
        "idle" => ActivityState.Idle,
        "idle in transaction" => ActivityState.IdleInTransaction,
        "idle in transaction (aborted)" => ActivityState.IdleInFailedTransaction,
        _ => ActivityState.Other,
    };

    static async Task<Dictionary<int, ActivityProgress>> ProgressAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var progress = new Dictionary<int, ActivityProgress>();
        while (await reader.ReadAsync(cancellationToken))
        {
            // Of another role's command there is the process id and nothing else.
            if (reader.GetStringOrNull("command") is not { } command)
            {
                continue;
            }

            var done = reader.GetInt64OrNull("done");
            // A table being read may grow past the size it had at the beginning.
            var total = reader.GetInt64OrNull("total") is > 0 and var known ? Math.Max(known, done ?? 0) : (long?)null;
            progress[reader.GetInt32("pid")] = new(
                command, reader.GetStringOrNull("phase"), 100.0 * done / total, done, total, reader.GetStringOrNull("object"));
        }

        return progress;
    }
}
