using Npgsql;
using VividShift.Migrations.Activity;
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

    public static async Task<ActivityReader> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(session.Connection)
        {
            BatchCommands =
            {
                new(ActivitySql.Sessions),
                new(ActivitySql.Waits),
                new(ActivitySql.AdvisoryLocks),
                new(ActivitySql.Progress(session.ServerVersion)),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var sessions = new List<DatabaseActivity>();
        var database = session.Target.Database;
        while (await reader.ReadAsync(cancellationToken))
        {
            sessions.Add(SessionOf(reader, session));
            database = reader.GetString(14);
        }

        await reader.NextResultAsync(cancellationToken);
        var waits = await LockWait.ReadAsync(reader, database, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var runners = new HashSet<int>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetInt64(2) == RunLock.KeyOf(reader.GetString(1)))
            {
                runners.Add(reader.GetInt32(0));
            }
        }

        await reader.NextResultAsync(cancellationToken);
        var progress = await ProgressAsync(reader, cancellationToken);
        return new(
            [.. sessions.Select(s => Complete(s, waits.GetValueOrDefault(s.ProcessId), runners, progress.GetValueOrDefault(s.ProcessId)))],
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

    static DatabaseActivity SessionOf(NpgsqlDataReader reader, Session session)
    {
        var now = Moment(reader, 13)!.Value;
        var changed = Moment(reader, 11);
        var begun = Moment(reader, 9);
        var query = Text(reader, 12);
        var type = Text(reader, 5);
        var state = StateOf(Text(reader, 6), hidden: type is null && query == HiddenQuery);
        var started = Moment(reader, 10);
        return new()
        {
            ProcessId = reader.GetInt32(0),
            Role = Text(reader, 1),
            Database = Text(reader, 2),
            Application = Text(reader, 3),
            Client = Text(reader, 4),
            BackendType = type,
            State = state,
            WaitEvent = Text(reader, 7),
            SessionStart = Moment(reader, 8),
            TransactionStart = begun,
            StatementStart = started,
            StateChanged = changed,
            Duration = now - (state == ActivityState.Active ? started : changed),
            TransactionDuration = now - begun,
            Query = state == ActivityState.Hidden || query is "" ? null : query,
            SeenFrom = session.Target,
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
            if (Text(reader, 1) is not { } command)
            {
                continue;
            }

            var done = Number(reader, 3);
            // A table being read may grow past the size it had at the beginning.
            var total = Number(reader, 4) is > 0 and var known ? Math.Max(known, done ?? 0) : (long?)null;
            progress[reader.GetInt32(0)] = new(command, Text(reader, 2), 100.0 * done / total, done, total, Text(reader, 5));
        }

        return progress;
    }

    static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    static long? Number(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    static DateTimeOffset? Moment(NpgsqlDataReader reader, int column) => reader.IsDBNull(column)
        ? null
        : new DateTimeOffset(reader.GetDateTime(column));
}
