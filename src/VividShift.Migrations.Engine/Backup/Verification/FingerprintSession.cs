using Npgsql;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Backup.Verification;

/// <summary>A session that only reads and in which values are written in one way, whatever the role and the database have set.</summary>
sealed class FingerprintSession : IAsyncDisposable
{
    // JIT: to compile the hashing of a row takes longer than it saves, in each parallel worker anew.
    static readonly string[] Preparation =
    [
        "SET search_path = pg_catalog", "SET row_security = off", "SET statement_timeout = 0", "SET lock_timeout = 0",
        "SET idle_in_transaction_session_timeout = 0", "SET DateStyle = ISO, MDY", "SET IntervalStyle = postgres", "SET TimeZone = 'UTC'",
        "SET extra_float_digits = 3", "SET bytea_output = hex", "SET lc_monetary = 'C'", "SET xmloption = content", "SET jit = off",
    ];

    readonly IMigrationObserver _observer;

    FingerprintSession(Session session, IMigrationObserver observer) => (Session, _observer) = (session, observer);

    /// <summary>The session itself.</summary>
    public Session Session { get; }

    /// <summary>Connects.</summary>
    /// <param name="database">Where to.</param>
    /// <param name="more">Statements behind the preparation.</param>
    /// <param name="observer">Is told the queries.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<FingerprintSession> OpenAsync(
        ResolvedDatabase database, IEnumerable<string> more, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var session = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, cancellationToken);
        try
        {
            await using var batch = new NpgsqlBatch(session.Connection);
            foreach (var statement in Preparation.Concat(more))
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
            }

            await batch.ExecuteNonQueryAsync(cancellationToken);
            return new(session, observer);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Counts and hashes the rows of some tables in one query.</summary>
    public async Task<IReadOnlyList<TableFingerprint>> HashAsync(IReadOnlyList<FingerprintTable> tables, CancellationToken cancellationToken)
    {
        var sql = string.Join("\nUNION ALL\n", tables.Select((table, key) => table.Query(key)));
        _observer.Report(new StatementSent(sql));
        var found = new List<TableFingerprint>(tables.Count);
        await using var command = new NpgsqlCommand(sql, Session.Connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(tables[reader.GetInt32(0)].Found(reader.GetInt64(1), reader.GetString(2)));
        }

        return found;
    }

    /// <summary>True when somebody else has a table locked in one of some modes, or waits for it.</summary>
    public async Task<bool> IsLockedAsync(FingerprintTable table, string[] modes, CancellationToken cancellationToken)
    {
        const string Sql =
            """
            SELECT EXISTS (
                SELECT FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.database
                WHERE d.datname = current_database() AND l.relation = to_regclass($1) AND l.pid <> pg_backend_pid() AND l.mode = ANY ($2))
            """;
        await using var command = new NpgsqlCommand(Sql, Session.Connection)
        {
            Parameters = { new() { Value = table.QualifiedName }, new() { Value = modes } },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Runs a statement that returns nothing.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        _observer.Report(new StatementSent(sql));
        await using var batch = new NpgsqlBatch(Session.Connection) { BatchCommands = { new(sql) }, Timeout = 0 };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Session.DisposeAsync();
}
