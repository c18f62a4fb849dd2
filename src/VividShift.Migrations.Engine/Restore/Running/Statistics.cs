using System.Collections.Concurrent;
using System.Data;
using VividShift.Migrations.Engine.Backup.Verification;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Restore.Running;

/// <summary>What the planner must know of a restored database before anyone queries it, gathered by a few sessions.</summary>
/// <param name="database">The restored database.</param>
/// <param name="early">Which tables were done while it was being filled.</param>
/// <param name="observer">Is told the statements.</param>
sealed class Statistics(ResolvedDatabase database, IncrementalVerifier early, IMigrationObserver observer)
{
    // A partitioned table brings its parts. What indexes on expressions and CREATE STATISTICS want to know was not asked for before they were there.
    const string Sql =
        """
        SELECT n.nspname::text AS schema, c.relname::text AS table, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
               n.nspname = 'pg_catalog' AS catalogue,
               EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indexprs IS NOT NULL)
                   OR EXISTS (SELECT FROM pg_catalog.pg_statistic_ext s WHERE s.stxrelid = c.oid) AS expressions
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_catalog.pg_database d ON d.datname = current_database()
        WHERE c.relkind IN ('r', 'm', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' AND NOT c.relisshared
              AND n.nspname NOT IN ('information_schema', 'pg_toast')
              AND (pg_has_role(c.relowner, 'USAGE') OR pg_has_role(d.datdba, 'USAGE'))
        ORDER BY c.relpages DESC, 3
        """;

    /// <summary>Gathers them.</summary>
    /// <param name="sessions">How many sessions, at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task GatherAsync(int sessions, CancellationToken cancellationToken)
    {
        await early.FinishAsync(cancellationToken);
        var work = new ConcurrentQueue<string>(await StatementsAsync(cancellationToken));
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Math.Min(sessions, work.Count)),
            new ParallelOptions { MaxDegreeOfParallelism = sessions, CancellationToken = cancellationToken },
            WorkAsync);

        async ValueTask WorkAsync(int worker, CancellationToken token)
        {
            // As its users would connect: what an index's expression calls is found as they find it.
            await using var session = await Session.OpenAsync(database, SessionPurpose.Maintain, observer, token);
            while (work.TryDequeue(out var statement))
            {
                observer.Report(new StatementSent(statement));
                await session.ExecuteAsync(statement, token, TimeSpan.Zero);
            }
        }
    }

    async Task<IReadOnlyList<string>> StatementsAsync(CancellationToken cancellationToken)
    {
        await using var session = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, cancellationToken);
        var tables = await session.QueryAsync(
            Sql,
            row => (
                Name: row.GetString("name"),
                OfServer: row.GetBoolean("catalogue"),
                IsDone: !row.GetBoolean("expressions") && early.HasAnalyzed(row.GetString("schema"), row.GetString("table"))),
            cancellationToken);
        var catalogues = tables.Where(table => table.OfServer).Select(table => table.Name).ToList();
        return
        [
            .. tables.Where(table => !table.OfServer && !table.IsDone).Select(table => $"ANALYZE {table.Name}"),
            .. catalogues.Count == 0 ? Array.Empty<string>() : [$"ANALYZE {string.Join(", ", catalogues)}"],
        ];
    }
}
