using System.Diagnostics;
using Npgsql;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health;

/// <summary>What a check works with: queries that cannot write, that end in time, and that name everything with its schema.</summary>
sealed class HealthContext(Session session, HealthRequest request)
{
    static readonly TimeSpan NetworkPatience = TimeSpan.FromSeconds(10);

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
            "SELECT current_database()::text, pg_is_in_recovery(), EXISTS (SELECT FROM pg_stat_replication)",
            r => (r.GetString(0), r.GetBoolean(1), r.GetBoolean(2)), cancellationToken))[0];

    /// <summary>A new check begins: it has the whole time.</summary>
    public void Restart()
    {
        _clock.Restart();
        Sampled.Clear();
    }

    /// <summary>The rows of a query of our own, in a transaction of its own that sees pg_catalog alone.</summary>
    public Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] parameters) =>
        InTransactionAsync(
            "SET LOCAL search_path = pg_catalog, pg_temp",
            async () =>
            {
                await using var command = new NpgsqlCommand(sql, session.Connection) { CommandTimeout = ClientSeconds() };
                foreach (var parameter in parameters)
                {
                    command.Parameters.Add(new() { Value = parameter });
                }

                var rows = new List<T>();
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add(read(reader));
                }

                return rows;
            },
            cancellationToken);

    /// <summary>Some work in a transaction that cannot write and that ends with the time of the check.</summary>
    /// <exception cref="TimeoutException">The time is over.</exception>
    public async Task<T> InTransactionAsync<T>(string? setting, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        if (Left <= TimeSpan.Zero)
        {
            throw new TimeoutException("The time of the check is over.");
        }

        await using var opening = Batch(
            "BEGIN TRANSACTION READ ONLY",
            FormattableString.Invariant($"SET LOCAL statement_timeout = {Math.Max(1, (long)Left.TotalMilliseconds)}"),
            // Whoever waits for a lock of ours would wait with us.
            "SET LOCAL lock_timeout = 2000",
            // One process of the server is load enough.
            "SET LOCAL max_parallel_workers_per_gather = 0",
            // A policy would hide rows, and what they refer to would look like missing. Now the server refuses instead.
            "SET LOCAL row_security = off",
            setting);
        await opening.ExecuteNonQueryAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            if (session.Connection.State == System.Data.ConnectionState.Open)
            {
                await using var closing = Batch("ROLLBACK");
                await closing.ExecuteNonQueryAsync(CancellationToken.None);
            }
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

    // The server keeps the time; ours is for a server that is not there any more.
    int ClientSeconds() => (int)Math.Ceiling((Left > TimeSpan.Zero ? Left + NetworkPatience : NetworkPatience).TotalSeconds);
}
