using System.Collections.Concurrent;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Backup.Verification;

/// <summary>Counts and hashes the rows of tables, a few sessions at a time; small tables share a round trip.</summary>
internal sealed class TableFingerprints(ResolvedDatabase database, IMigrationObserver observer)
{
    /// <summary>Tables are put into one query until they have so many bytes together.</summary>
    const long BytesOfAQuery = 8 << 20;

    /// <summary>A query is not to grow beyond reason, and a lock is taken for each of its tables.</summary>
    const int TablesOfAQuery = 40;

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
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Math.Min(sessions, work.Count)),
            new ParallelOptions { MaxDegreeOfParallelism = sessions, CancellationToken = cancellationToken },
            WorkAsync);
        return [.. found.OrderBy(table => table.Schema, StringComparer.Ordinal).ThenBy(table => table.Table, StringComparer.Ordinal)];

        async ValueTask WorkAsync(int worker, CancellationToken token)
        {
            await using var session = await FingerprintSession.OpenAsync(database, Beginning(snapshot), observer, token);
            while (work.TryDequeue(out var portion))
            {
                foreach (var table in await session.HashAsync(portion, token))
                {
                    found.Add(table);
                }
            }
        }
    }

    static IEnumerable<string> Beginning(string? snapshot)
    {
        yield return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        if (snapshot is not null)
        {
            yield return $"SET TRANSACTION SNAPSHOT {SqlQuote.Literal(snapshot)}";
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
