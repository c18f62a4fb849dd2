using System.Collections.Concurrent;
using System.Threading.Channels;
using Npgsql;
using VividShift.Migrations.Backups;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Fingerprints;

/// <summary>
/// Hashes the tables of a database that is being restored, and gathers their statistics, each as soon as its rows are there: on what the cores
/// have left, and while its pages are still in memory. What cannot be done meanwhile is left to those who look when the restore is done.
/// </summary>
/// <param name="database">The database that is being filled.</param>
/// <param name="observer">Is told the queries.</param>
sealed class EarlyLook(ResolvedDatabase database, IMigrationObserver observer) : IAsyncDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // A key that is being made has its table to itself: rather look at another table than wait, or be waited for. One core for each session.
    static readonly string[] Settings = ["SET lock_timeout = '50ms'", "SET max_parallel_workers_per_gather = 0"];

    readonly Channel<(string Schema, string Table)> _filled = Channel.CreateUnbounded<(string Schema, string Table)>();
    readonly ConcurrentDictionary<(string Schema, string Table), TableFingerprint> _found = [];
    readonly ConcurrentDictionary<(string Schema, string Table), bool> _analyzed = [];
    readonly CancellationTokenSource _end = new();
    Task _working = Task.CompletedTask;
    volatile bool _finishing;

    /// <summary>Whether statistics are wanted; nobody queries a database that only proves a backup.</summary>
    public bool Analyzes { get; init; }

    /// <summary>What was hashed, to be read when <see cref="FinishAsync"/> is done.</summary>
    public IReadOnlyDictionary<(string Schema, string Table), TableFingerprint> Found => _found;

    /// <summary>Begins to wait for tables.</summary>
    /// <param name="sessions">How many sessions look; each connects when there is something to do.</param>
    public void Start(int sessions) => _working = Task.WhenAll(Enumerable.Range(0, sessions).Select(_ => Task.Run(() => WorkAsync(_end.Token))));

    /// <summary>A table's rows are there, committed and complete.</summary>
    public void Add((string Schema, string Table) table) => _filled.Writer.TryWrite(table);

    /// <summary>Begins no more tables, and waits for those that are at hand.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        _finishing = true;
        _filled.Writer.TryComplete();
        await _working.WaitAsync(cancellationToken);
    }

    /// <summary>True when a table's statistics were gathered, to be asked when <see cref="FinishAsync"/> is done.</summary>
    public bool HasAnalyzed(string schema, string table) => _analyzed.ContainsKey((schema, table));

    /// <summary>Ends it, whatever it is at.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _working.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _end.Dispose();
    }

    async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (!await _filled.Reader.WaitToReadAsync(cancellationToken) || _finishing)
        {
            return;
        }

        try
        {
            await using var session = await FingerprintSession.OpenAsync(database, Settings, observer, cancellationToken);
            // Rows come when all tables are made, so it is complete.
            var catalogue = await FingerprintCatalogue.ReadAsync(session.Session, cancellationToken);
            var known = catalogue.Tables.ToDictionary(table => (table.Schema, table.Table));
            await foreach (var name in _filled.Reader.ReadAllAsync(cancellationToken))
            {
                if (_finishing)
                {
                    return;
                }

                if (known.TryGetValue(name, out var table) && !await TryLookAsync(session, table, cancellationToken) && _filled.Writer.TryWrite(name))
                {
                    await Task.Delay(Pause, cancellationToken);
                }
            }
        }
        catch (Exception e) when (e is NpgsqlException or MigrationException)
        {
            // Not a failure of the restore: if it is one of the database, who looks afterwards meets it again and tells it.
            observer.Report(new StepTold($"Hashing beside pg_restore ended early, the rest is hashed after it: {e.Message}"));
        }
    }

    /// <summary>Looks at a table, unless somebody has it locked; at what was seen before not again.</summary>
    async Task<bool> TryLookAsync(FingerprintSession session, FingerprintTable table, CancellationToken cancellationToken)
    {
        var name = (table.Schema, table.Table);
        try
        {
            if (!_found.ContainsKey(name))
            {
                foreach (var found in await session.HashAsync([table], cancellationToken))
                {
                    _found[name] = found;
                }
            }

            // That of a partitioned table covers its parts. In a transaction that only reads ANALYZE is allowed.
            if (Analyzes && !table.IsPartition && !_finishing)
            {
                await session.ExecuteAsync($"ANALYZE {table.QualifiedName}", cancellationToken);
                _analyzed[name] = true;
            }

            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }
}
