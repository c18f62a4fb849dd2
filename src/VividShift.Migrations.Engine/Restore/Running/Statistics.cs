using System.Collections.Concurrent;
using Npgsql;
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
        SELECT n.nspname::text, c.relname::text, quote_ident(n.nspname) || '.' || quote_ident(c.relname), n.nspname = 'pg_catalog',
               EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indexprs IS NOT NULL)
                   OR EXISTS (SELECT FROM pg_catalog.pg_statistic_ext s WHERE s.stxrelid = c.oid)
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
            await using var session = await Session.OpenAsync(database, SessionPurpose.Write, observer, token);
            while (work.TryDequeue(out var statement))
            {
                observer.Report(new StatementSent(statement));
                await using var batch = new NpgsqlBatch(session.Connection) { BatchCommands = { new(statement) }, Timeout = 0 };
                await batch.ExecuteNonQueryAsync(token);
            }
        }
    }

    async Task<IReadOnlyList<string>> StatementsAsync(CancellationToken cancellationToken)
    {
        var (statements, catalogues) = (new List<string>(), new List<string>());
        await using var session = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, cancellationToken);
        await using var command = new NpgsqlCommand(Sql, session.Connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var name = reader.GetString(2);
            if (reader.GetBoolean(3))
            {
                catalogues.Add(name);
            }
            else if (reader.GetBoolean(4) || !early.HasAnalyzed(reader.GetString(0), reader.GetString(1)))
            {
                statements.Add($"ANALYZE {name}");
            }
        }

        return catalogues.Count == 0 ? statements : [.. statements, $"ANALYZE {string.Join(", ", catalogues)}"];
    }
}
