using System.IO.Hashing;
using System.Text;
using Npgsql;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.History;

/// <summary>
/// sqlx's advisory lock: one runner at a time on a database, whether it is this tool or a service that embeds sqlx. Polled, because a session
/// that waits in <c>pg_advisory_lock</c> holds a snapshot, on which <c>CREATE INDEX CONCURRENTLY</c> in the holder waits in turn: a deadlock.
/// </summary>
sealed class RunLock : IAsyncDisposable
{
    const long SqlxConstant = 0x3d32ad9e;

    static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(10);

    readonly Session _session;
    readonly long _key;

    RunLock(Session session, long key)
    {
        _session = session;
        _key = key;
    }

    /// <summary>The key for a database name (sqlx-postgres/src/migrate.rs, generate_lock_id).</summary>
    public static long KeyOf(string database) => SqlxConstant * Crc32.HashToUInt32(Encoding.UTF8.GetBytes(database));

    /// <summary>Takes the lock, waiting for another runner as long as the timeout allows.</summary>
    /// <exception cref="MigrationException">LockTimeout, naming the holder.</exception>
    public static async Task<RunLock> AcquireAsync(
        Session session, long key, TimeSpan timeout, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var waiting = new Backoff(ShortestWait, LongestWait, factor: 1.5);
        string? holder = null;
        while (!await TryAsync(session, key, cancellationToken))
        {
            holder = await LockHolder.DescribeAsync(session, key, cancellationToken) ?? holder;
            observer.Report(new WaitingForLock(waiting.Elapsed, holder));
            if (waiting.Elapsed + waiting.Next > timeout)
            {
                throw Timeout(session, timeout, holder);
            }

            await waiting.WaitAsync(cancellationToken);
        }

        if (holder is not null)
        {
            observer.Report(new VerboseMessage(
                FormattableString.Invariant($"Took the lock after {waiting.Elapsed.TotalSeconds:0.0} s; it was held by {holder}.")));
        }

        return new(session, key);
    }

    /// <summary>Releases on a token of its own: a cancelled run must not leave the lock behind.</summary>
    public async ValueTask DisposeAsync()
    {
        // A broken connection has taken its session and the lock with it.
        if (_session.Connection.State != System.Data.ConnectionState.Open)
        {
            return;
        }

        using var limit = new CancellationTokenSource(ReleaseTimeout);
        await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", _session.Connection) { Parameters = { new() { Value = _key } } };
        try
        {
            await command.ExecuteScalarAsync(limit.Token);
        }
        catch (NpgsqlException)
        {
            // Closing the session, which follows, releases the lock as well; the error that led here must not be hidden by this one.
            await _session.Connection.CloseAsync();
        }
    }

    static async Task<bool> TryAsync(Session session, long key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", session.Connection) { Parameters = { new() { Value = key } } };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    static MigrationException Timeout(Session session, TimeSpan timeout, string? holder) => new(
        MigrationErrorCode.LockTimeout,
        FormattableString.Invariant($"Another runner held the migration lock of {session.Target} for more than {timeout.TotalSeconds:0} s: ")
        + $"{holder ?? "its session cannot be seen with this role"}.",
        "Wait for it to finish and run again, or allow more time with -LockTimeoutSec; a session that was left behind is ended by "
        + "Repair-VsMigration -Unlock.")
    {
        Target = session.Target,
    };
}
