using System.Collections.Concurrent;
using Npgsql;
using VividShift.Migrations.Backups;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Backups;

/// <summary>Counts and hashes the rows of tables, a few sessions at a time, so many tables a round trip as are small.</summary>
internal sealed class TableFingerprints(ResolvedDatabase database, IMigrationObserver observer)
{
    /// <summary>Tables are put into one query until they have so many bytes together.</summary>
    const long BytesOfAQuery = 8 << 20;

    /// <summary>A query is not to grow beyond reason, and a lock is taken for each of its tables.</summary>
    const int TablesOfAQuery = 40;

    // The output of every type must be the same in every session, whatever the role and the database have set.
    static readonly string[] Preparation =
    [
        "SET search_path = pg_catalog", "SET row_security = off", "SET statement_timeout = 0", "SET lock_timeout = 0",
        "SET idle_in_transaction_session_timeout = 0", "SET DateStyle = ISO, MDY", "SET IntervalStyle = postgres", "SET TimeZone = 'UTC'",
        "SET extra_float_digits = 3", "SET bytea_output = hex", "SET lc_monetary = 'C'", "SET xmloption = content",
    ];

    /// <summary>Hashes tables as a snapshot sees them.</summary>
    /// <param name="tables">Which, as <see cref="FingerprintCatalogue"/> reads them.</param>
    /// <param name="snapshot">The name that <c>pg_export_snapshot</c> gave; null: as they are now.</param>
    /// <param name="sessions">How many sessions, at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>One for each table, ordered by schema and name.</returns>
    public async Task<IReadOnlyList<TableFingerprint>> ComputeAsync(
        IReadOnlyList<FingerprintTable> tables, string? snapshot, int sessions, CancellationToken cancellationToken)
    {
        var work = new ConcurrentQueue<IReadOnlyList<FingerprintTable>>(Portions(tables));
        var found = new ConcurrentBag<TableFingerprint>();
        using var failing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var workers = Enumerable.Range(0, Math.Min(sessions, work.Count)).Select(_ => WorkAsync()).ToList();
        while (workers.Count > 0)
        {
            var done = await Task.WhenAny(workers);
            workers.Remove(done);
            if (!done.IsCompletedSuccessfully)
            {
                // The first failure is the one to tell; the others must not read on.
                await failing.CancelAsync();
                await Task.WhenAll(workers).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                await done;
            }
        }

        return [.. found.OrderBy(table => table.Schema, StringComparer.Ordinal).ThenBy(table => table.Table, StringComparer.Ordinal)];

        async Task WorkAsync()
        {
            await using var session = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, failing.Token);
            await BeginAsync(session, snapshot, failing.Token);
            while (work.TryDequeue(out var portion))
            {
                await HashAsync(session, portion, found, failing.Token);
            }
        }
    }

    /// <summary>Begins a transaction that sees the snapshot and writes values in one way only.</summary>
    static async Task BeginAsync(Session session, string? snapshot, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        List<string> statements = [.. Preparation, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"];
        if (snapshot is not null)
        {
            statements.Add($"SET TRANSACTION SNAPSHOT '{snapshot.Replace("'", "''", StringComparison.Ordinal)}'");
        }

        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    async Task HashAsync(
        Session session, IReadOnlyList<FingerprintTable> tables, ConcurrentBag<TableFingerprint> found, CancellationToken cancellationToken)
    {
        var sql = string.Join("\nUNION ALL\n", tables.Select((table, key) => table.Query(key)));
        observer.Report(new SqlSent(sql));
        await using var command = new NpgsqlCommand(sql, session.Connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(tables[reader.GetInt32(0)].Found(reader.GetInt64(1), reader.GetString(2)));
        }
    }

    static IEnumerable<IReadOnlyList<FingerprintTable>> Portions(IReadOnlyList<FingerprintTable> tables)
    {
        var portion = new List<FingerprintTable>();
        var bytes = 0L;
        // The big ones first: whoever gets one last would make the others wait.
        foreach (var table in tables.OrderByDescending(table => table.Size))
        {
            if (portion.Count > 0 && (portion.Count == TablesOfAQuery || bytes + table.Size > BytesOfAQuery))
            {
                yield return portion;
                (portion, bytes) = ([], 0);
            }

            portion.Add(table);
            bytes += table.Size;
        }

        if (portion.Count > 0)
        {
            yield return portion;
        }
    }
}
