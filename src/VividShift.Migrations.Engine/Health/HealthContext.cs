using System.Data;
using System.Diagnostics;
using Npgsql;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health;

/// <summary>What a check works with: queries that cannot write, that end in time, and that name everything with its schema.</summary>
sealed class HealthContext(Session session, HealthRequest request)
{
    static readonly TimeSpan NetworkPatience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(2);

    readonly Stopwatch _clock = Stopwatch.StartNew();

    public HealthThresholds Thresholds => request.Thresholds;

    /// <summary>Read all rows of large tables.</summary>
    public bool Full => request.Full;

    public int Major => session.ServerVersion.Major;

    /// <summary>The database, as it calls itself.</summary>
    public string Database { get; private set; } = "";

    /// <summary>True on a standby, which has counters of its own and takes no writes.</summary>
    public bool IsStandby { get; private set; }

    /// <summary>True when other servers follow this one, whose use of indexes is not counted here.</summary>
    public bool HasStandbys { get; private set; }

    /// <summary>The tables that were read in samples since the check began.</summary>
    public List<string> Sampled { get; } = [];

    TimeSpan Left => request.CheckTimeout - _clock.Elapsed;

    /// <summary>Reads what all checks need.</summary>
    public async Task ReadServerAsync(CancellationToken cancellationToken) =>
        (Database, IsStandby, HasStandbys) = (await QueryAsync(
            """
            SELECT current_database()::text AS database, pg_is_in_recovery() AS standby,
                   EXISTS (SELECT FROM pg_catalog.pg_stat_replication) AS followed
            """,
            r => (r.GetString("database"), r.GetBoolean("standby"), r.GetBoolean("followed")), cancellationToken))[0];

    /// <summary>A new check begins: it has the whole time.</summary>
    public void Restart()
    {
        _clock.Restart();
        Sampled.Clear();
    }

    /// <summary>The rows of a query of our own.</summary>
    public Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params IEnumerable<object?> parameters)
    {
        session.Reading = Limits(userNames: false);
        return session.QueryAsync(sql, read, cancellationToken, parameters);
    }

    /// <summary>Runs a query of the user's in a transaction that cannot write and that ends with the time of the check.</summary>
    /// <exception cref="TimeoutException">The time is over.</exception>
    public async Task<T> InTransactionAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        session.Reading = Limits(userNames: true);
        try
        {
            await session.BeginReadingAsync(snapshot: null, cancellationToken);
            return await work();
        }
        finally
        {
            await session.EndReadingAsync();
        }
    }

    /// <summary>A command in the transaction of <see cref="InTransactionAsync"/>, sent as it is written.</summary>
    public NpgsqlBatch Batch(params IEnumerable<string?> statements)
    {
        var batch = new NpgsqlBatch(session.Connection) { Timeout = ClientSeconds() };
        foreach (var statement in statements.OfType<string>())
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }

        return batch;
    }

    /// <summary>A command whose answer is read as text, whatever its types are.</summary>
    public NpgsqlCommand TextCommand(string sql) =>
        new(sql, session.Connection) { CommandTimeout = ClientSeconds(), AllResultTypesAreUnknown = true };

    // The server keeps the time. One process of it is load enough, and whoever waits for a lock of ours would wait with us.
    ReadSettings Limits(bool userNames) => Left <= TimeSpan.Zero
        ? throw new TimeoutException("The time of the check is over.")
        : new()
        {
            StatementTimeout = Left,
            LockTimeout = LockPatience,
            ClientTimeout = Left + NetworkPatience,
            UserNames = userNames,
            More = [("max_parallel_workers_per_gather", "0")],
        };

    // The server keeps the time; ours is for a server that is not there any more.
    int ClientSeconds() => (int)Math.Ceiling((Left > TimeSpan.Zero ? Left + NetworkPatience : NetworkPatience).TotalSeconds);
}
