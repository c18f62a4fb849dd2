using System.Collections.Concurrent;
using System.Threading.Channels;
using Npgsql;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Backup.Verification;

/// <summary>
/// Hashes or counts the tables of a database that is being restored, and gathers their statistics, each as soon as its rows are there: on what the
/// cores have left, and while its pages are still in memory. What cannot be done meanwhile is left to those who look when the restore is done.
/// </summary>
/// <param name="database">The database that is being filled.</param>
/// <param name="observer">Is told the queries.</param>
sealed class IncrementalVerifier(ResolvedDatabase database, IMigrationObserver observer) : IAsyncDisposable
{
    // To ask costs little, but indexes are made for minutes.
    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // A key that is being made has its table to itself: rather look at another table than wait, or be waited for. Asking first spares the server's
    // log an error for each try; the limit is for who comes in between. One core for each session.
    static readonly TimeSpan LockTimeout = TimeSpan.FromMilliseconds(50);
    static readonly (string Name, string Value)[] Settings = [("max_parallel_workers_per_gather", "0")];

    // What SELECT and ANALYZE have to wait for (PostgreSQL manual, "Table-Level Locks").
    static readonly string[] AgainstReading = ["AccessExclusiveLock"];
    static readonly string[] AgainstAnalyzing =
        [.. AgainstReading, "ShareUpdateExclusiveLock", "ShareLock", "ShareRowExclusiveLock", "ExclusiveLock"];

    readonly Channel<(string Schema, string Table)> _filled = Channel.CreateUnbounded<(string Schema, string Table)>();
    readonly ConcurrentDictionary<(string Schema, string Table), TableFingerprint> _found = [];
    readonly ConcurrentDictionary<(string Schema, string Table), bool> _analyzed = [];
    readonly CancellationTokenSource _end = new();
    readonly TaskCompletionSource _finishing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Task _working = Task.CompletedTask;

    /// <summary>Whether statistics are wanted; nobody queries a database that only proves a backup.</summary>
    public bool Analyzes { get; init; }

    /// <summary>Whether rows are hashed, counted, or, where there is nothing to compare them with, not looked at.</summary>
    public RestoreComparison Comparison { get; init; } = RestoreComparison.Content;

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
        _finishing.TrySetResult();
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

    bool IsFinishing => _finishing.Task.IsCompleted;

    bool IsCompared((string Schema, string Table) name) => Comparison == RestoreComparison.None || _found.ContainsKey(name);

    async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (!await _filled.Reader.WaitToReadAsync(cancellationToken) || IsFinishing)
        {
            return;
        }

        try
        {
            await using var session = await FingerprintSession.OpenAsync(
                database, usual => usual with { LockTimeout = LockTimeout, More = [.. usual.More, .. Settings] }, observer, cancellationToken);
            // Rows come when all tables are made, so it is complete.
            var catalogue = await FingerprintCatalogue.ReadAsync(session.Session, cancellationToken);
            var known = catalogue.Tables.ToDictionary(table => (table.Schema, table.Table));
            var waiting = new Backoff(ShortestPause, LongestPause);
            await foreach (var name in _filled.Reader.ReadAllAsync(cancellationToken))
            {
                if (IsFinishing)
                {
                    return;
                }

                if (!known.TryGetValue(name, out var table) || await TryLookAsync(session, table, cancellationToken))
                {
                    waiting.Reset();
                }
                else if (_filled.Writer.TryWrite(name))
                {
                    await waiting.WaitAsync(cancellationToken, _finishing.Task);
                }
            }
        }
        catch (Exception e) when (e is NpgsqlException or MigrationException)
        {
            // Not a failure of the restore: if it is one of the database, who looks afterwards meets it again and tells it.
            observer.Report(new VerboseMessage($"Hashing beside pg_restore ended early, the rest is hashed after it: {e.Message}"));
        }
    }

    /// <summary>Looks at a table, unless somebody has it locked; at what was seen before not again.</summary>
    async Task<bool> TryLookAsync(FingerprintSession session, FingerprintTable table, CancellationToken cancellationToken)
    {
        var name = (table.Schema, table.Table);
        try
        {
            // First what fewer locks go with: as yet there is no index that is being made. That of a partitioned table covers its parts. In a
            // transaction that only reads ANALYZE is allowed.
            if (Analyzes && !table.IsPartition && !_analyzed.ContainsKey(name) && !await session.IsLockedAsync(table, AgainstAnalyzing, cancellationToken))
            {
                await session.AnalyzeAsync(table, cancellationToken);
                _analyzed[name] = true;
            }

            if (!IsCompared(name) && !IsFinishing && !await session.IsLockedAsync(table, AgainstReading, cancellationToken))
            {
                foreach (var found in await session.HashAsync([Comparison == RestoreComparison.Counts ? table.Counted() : table], cancellationToken))
                {
                    _found[name] = found;
                }
            }

            return IsCompared(name) && (!Analyzes || table.IsPartition || _analyzed.ContainsKey(name));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }
}
