using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Backup.Verification;

/// <summary>A session that only reads and in which values are written in one way, whatever the role and the database have set.</summary>
sealed class FingerprintSession : IAsyncDisposable
{
    // In the snapshot of a backup pg_dump has every table locked already; to wait behind an ALTER TABLE that waits for pg_dump is no deadlock.
    // JIT: to compile the hashing of a row takes longer than it saves, in each parallel worker anew.
    static readonly ReadSettings Settings = new()
    {
        LockTimeout = TimeSpan.MaxValue,
        ClientTimeout = TimeSpan.Zero,
        More =
        [
            ("DateStyle", "ISO, MDY"), ("IntervalStyle", "postgres"), ("TimeZone", "UTC"), ("extra_float_digits", "3"), ("bytea_output", "hex"),
            ("lc_monetary", "C"), ("xmloption", "content"), ("jit", "off"),
        ],
    };

    readonly IMigrationObserver _observer;

    FingerprintSession(Session session, IMigrationObserver observer) => (Session, _observer) = (session, observer);

    /// <summary>The session itself.</summary>
    public Session Session { get; }

    /// <summary>Connects.</summary>
    /// <param name="database">Where to.</param>
    /// <param name="change">What is otherwise than usual in its settings.</param>
    /// <param name="observer">Is told the queries.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<FingerprintSession> OpenAsync(
        ResolvedDatabase database, Func<ReadSettings, ReadSettings> change, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var session = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, cancellationToken);
        session.Reading = change(Settings);
        return new(session, observer);
    }

    /// <summary>Counts and hashes the rows of some tables in one query.</summary>
    public async Task<IReadOnlyList<TableFingerprint>> HashAsync(IReadOnlyList<FingerprintTable> tables, CancellationToken cancellationToken)
    {
        var sql = string.Join("\nUNION ALL\n", tables.Select((table, key) => table.Query(key)));
        _observer.Report(new StatementSent(sql));
        return await Session.QueryAsync(
            sql, row => tables[row.GetInt32(0)].Found(row.GetInt64(1), row.GetString(2)), cancellationToken);
    }

    /// <summary>True when somebody else has a table locked in one of some modes, or waits for it.</summary>
    public Task<bool> IsLockedAsync(FingerprintTable table, string[] modes, CancellationToken cancellationToken)
    {
        const string Sql =
            """
            SELECT EXISTS (
                SELECT FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.database
                WHERE d.datname = current_database() AND l.relation = to_regclass($1) AND l.pid <> pg_backend_pid() AND l.mode = ANY ($2))
            """;
        return Session.ScalarAsync<bool>(Sql, cancellationToken, table.QualifiedName, modes);
    }

    /// <summary>Gathers the statistics of a table, which a transaction that only reads may do.</summary>
    public async Task AnalyzeAsync(FingerprintTable table, CancellationToken cancellationToken)
    {
        var sql = $"ANALYZE {table.QualifiedName}";
        _observer.Report(new StatementSent(sql));
        await Session.ReadAsync([new(sql)], _ => Task.FromResult(true), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Session.DisposeAsync();
}
