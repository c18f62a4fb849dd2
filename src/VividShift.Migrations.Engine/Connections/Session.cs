using System.Data;
using System.Net.Sockets;
using Npgsql;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>One dedicated, open connection. What a file leaves behind in it is cleared by <see cref="ResetAsync"/>.</summary>
internal sealed class Session : IAsyncDisposable
{
    static readonly TimeSpan StartUpPatience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    readonly TimeSpan _lockTimeout;
    readonly string[] _lasting;
    bool _inReading;

    Session(NpgsqlConnection connection, ResolvedDatabase database, SessionPurpose purpose, IMigrationObserver observer)
    {
        Connection = connection;
        Target = database.Target;
        Name = database.Settings.ApplicationName ?? ApplicationName.Default;
        _lockTimeout = database.LockTimeout;
        _lasting = SessionSettings.Lasting(purpose, ServerVersion) is { } lasting ? [lasting] : [];
        NoticeHandler = notice => observer.Report(new NoticeReceived(notice));
        connection.Notice += (_, e) => NoticeHandler(Translate(e.Notice));
    }

    /// <summary>The connection; close it by disposing the session.</summary>
    internal NpgsqlConnection Connection { get; }

    /// <summary>Where it leads.</summary>
    internal DatabaseTarget Target { get; }

    /// <summary>What it calls itself in pg_stat_activity, and returns to by <c>RESET ALL</c>.</summary>
    internal string Name { get; }

    /// <summary>Process id of the server's back end.</summary>
    internal int ProcessId => Connection.ProcessID;

    /// <summary>Version of the server.</summary>
    internal Version ServerVersion => Connection.PostgreSqlVersion;

    /// <summary>True when the server's process id is not the one that the connection was told: a pooler stands between.</summary>
    internal bool IsPooled { get; private set; }

    /// <summary>The schemas in which the user's own names are looked for, in their order; those that exist and may be used.</summary>
    internal IReadOnlyList<string> UserSchemas { get; private set; } = [];

    /// <summary>What our own reading runs under.</summary>
    internal ReadSettings Reading { get; set; } = new();

    /// <summary>What brings back the session's own settings where RESET ALL does not.</summary>
    internal IReadOnlyList<string> SettingsAfterReset => _lasting;

    /// <summary>Who gets what the server says meanwhile, on whatever thread reads it; at first the observer.</summary>
    internal Action<Notice> NoticeHandler { get; set; }

    /// <summary>Connects.</summary>
    /// <exception cref="MigrationException">
    /// ConnectionFailed, AuthenticationFailed, DatabaseMissing, PermissionDenied, PoolerUnsupported or ConfigurationInvalid.
    /// </exception>
    internal static async Task<Session> OpenAsync(
        ResolvedDatabase database, SessionPurpose purpose, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await ConnectAsync(database.DataSource(purpose), database, observer, cancellationToken);
            var session = new Session(connection, database, purpose, observer);
            try
            {
                await session.LookAtItselfAsync(database, purpose, cancellationToken);
                return session;
            }
            catch (Exception exception)
            {
                await session.DisposeAsync();
                throw SqlErrors.Translate(exception, database.Target, cancellationToken);
            }
        }
        catch (Exception exception) when (ConnectionErrorTranslator.IsContradiction(exception))
        {
            throw ConnectionErrorTranslator.Contradiction(exception, database);
        }
    }

    /// <summary>
    /// Undoes what a script did to the session: role, settings, temporary tables, cursors, prepared statements. Advisory locks stay.
    /// One round trip. Not to be called within a transaction.
    /// </summary>
    internal async Task ResetAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(StatementList.Reset(SettingsAfterReset).Select(statement => statement.Sql), cancellationToken);
        }
        catch (Exception exception) when (SqlErrors.Covers(exception))
        {
            throw SqlErrors.Translate(exception, Target, cancellationToken);
        }
    }

    /// <summary>
    /// Statements of ours that write: those that make, rename and drop whole databases, or that name everything with its schema. They run under the
    /// settings of the session, in one round trip, and together as one transaction unless they cannot be in one.
    /// </summary>
    /// <param name="statements">Sent as they are.</param>
    /// <param name="cancellationToken">Stops them.</param>
    /// <param name="timeout">How long the client waits; null: as the connection says.</param>
    internal async Task ExecuteAsync(IEnumerable<string> statements, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        await using var batch = Batch(statements.Select(statement => new NpgsqlBatchCommand(statement)), timeout);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc cref="ExecuteAsync(IEnumerable{string}, CancellationToken, TimeSpan?)"/>
    internal Task ExecuteAsync(string statement, CancellationToken cancellationToken, TimeSpan? timeout = null) =>
        ExecuteAsync([statement], cancellationToken, timeout);

    /// <summary>The rows of a query of ours.</summary>
    /// <param name="sql">One query; <c>$1</c> is the first parameter. It sees the names of pg_catalog, all else it names with its schema.</param>
    /// <param name="read">Makes something of a row.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="parameters">Values, or whole parameters where the type does not follow from the value.</param>
    internal Task<List<T>> QueryAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params IEnumerable<object?> parameters) =>
        ReadAsync([Command(sql, parameters)], reader => RowsAsync(reader, read, cancellationToken), cancellationToken);

    /// <summary>The first column of the first row; null when there is no row, or a null in it.</summary>
    internal async Task<T?> ScalarAsync<T>(string sql, CancellationToken cancellationToken, params IEnumerable<object?> parameters)
    {
        var rows = await QueryAsync(sql, row => row.IsDBNull(0) ? default : row.GetFieldValue<T>(0), cancellationToken, parameters);
        return rows.Count > 0 ? rows[0] : default;
    }

    /// <summary>
    /// Statements of ours that read, in one round trip: the only way in which they are sent. They are one transaction, which brings the settings
    /// they need along and takes them away again.
    /// </summary>
    /// <param name="statements">What is asked.</param>
    /// <param name="read">Is given the answers, from the first one on.</param>
    /// <param name="cancellationToken">Stops them.</param>
    internal async Task<T> ReadAsync<T>(
        IEnumerable<NpgsqlBatchCommand> statements, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        var preparation = _inReading ? null : new NpgsqlBatchCommand(SessionSettings.Reading(Reading, ServerVersion, _lockTimeout));
        await using var batch = Batch(preparation is null ? statements : statements.Prepend(preparation), Reading.ClientTimeout);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (preparation is not null)
        {
            await reader.NextResultAsync(cancellationToken);
        }

        return await read(reader);
    }

    /// <summary>Begins a transaction in which several readings see one state, until <see cref="EndReadingAsync"/> or the end of the session.</summary>
    /// <param name="snapshot">The name of an exported snapshot to look through; null: the state of now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task BeginReadingAsync(string? snapshot, CancellationToken cancellationToken)
    {
        List<string> statements = ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"];
        if (snapshot is not null)
        {
            // Before anything else: the first query would take a snapshot of its own.
            statements.Add($"SET TRANSACTION SNAPSHOT {SqlQuote.Literal(snapshot)}");
        }

        statements.Add(SessionSettings.Reading(Reading, ServerVersion, _lockTimeout));
        _inReading = true;
        await ExecuteAsync(statements, cancellationToken, Reading.ClientTimeout);
    }

    /// <summary>Ends the transaction of <see cref="BeginReadingAsync"/>, also one that the server has aborted.</summary>
    internal async Task EndReadingAsync()
    {
        _inReading = false;
        if (Connection.State == ConnectionState.Open)
        {
            await ExecuteAsync("ROLLBACK", CancellationToken.None);
        }
    }

    /// <summary>A statement with parameters.</summary>
    internal static NpgsqlBatchCommand Command(string sql, params IEnumerable<object?> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter as NpgsqlParameter ?? new() { Value = parameter ?? DBNull.Value });
        }

        return command;
    }

    /// <summary>The rows of the answer that a reader is at.</summary>
    internal static async Task<List<T>> RowsAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Closes the connection, and with it whatever the session still holds.</summary>
    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    NpgsqlBatch Batch(IEnumerable<NpgsqlBatchCommand> commands, TimeSpan? timeout)
    {
        var batch = new NpgsqlBatch(Connection);
        if (timeout is { } limit)
        {
            batch.Timeout = (int)Math.Ceiling(limit.TotalSeconds);
        }

        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    /// <summary>Sees whether the start-up message arrived as it was sent, and what it came to.</summary>
    async Task LookAtItselfAsync(ResolvedDatabase database, SessionPurpose purpose, CancellationToken cancellationToken)
    {
        await using var batch = Batch([new(SessionSettings.Opening(purpose, ServerVersion, ProcessId))], timeout: null);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        IsPooled = reader.GetInt32("process_id") != ProcessId;
        UserSchemas = reader.GetFieldValue<string[]>("schemas");
        var dropped = reader.GetString("float_digits") != "2";
        if ((purpose == SessionPurpose.ReadOnly && reader.GetString("read_only") != "on") || (dropped && database.HasOptions))
        {
            throw ConnectionErrorTranslator.OptionsDropped(database, purpose);
        }
    }

    static async Task<NpgsqlConnection> ConnectAsync(
        NpgsqlDataSource source, ResolvedDatabase database, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var waiting = new Backoff(RetryPause);
        var told = false;
        while (true)
        {
            var renewals = database.Access.Renewals;
            try
            {
                var connection = await source.OpenConnectionAsync(cancellationToken);
                database.Access.Accept();
                return connection;
            }
            catch (Exception exception) when (SqlErrors.Covers(exception))
            {
                if (IsAboutPassword(exception) && await database.Access.RenewPasswordAsync(renewals, observer, cancellationToken))
                {
                    continue;
                }

                if (cancellationToken.IsCancellationRequested || waiting.Elapsed >= Patience(exception, database))
                {
                    throw ConnectionErrorTranslator.Translate(exception, database, cancellationToken);
                }

                if (!told)
                {
                    observer.Report(new VerboseMessage($"{database.Target} does not take connections yet ({exception.Message}); trying again."));
                }

                told = true;
            }

            await waiting.WaitAsync(cancellationToken);
        }
    }

    static bool IsAboutPassword(Exception exception) => exception is PostgresException
    {
        SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification,
    };

    static TimeSpan Patience(Exception exception, ResolvedDatabase database) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } =>
            database.ConnectRetry > StartUpPatience ? database.ConnectRetry : StartUpPatience,
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.ConnectionReset } } =>
            database.ConnectRetry,
        _ => TimeSpan.Zero,
    };

    static Notice Translate(PostgresNotice notice) => new(notice.InvariantSeverity, notice.MessageText, notice.SqlState, null)
    {
        Detail = notice.Detail,
        Hint = notice.Hint,
    };
}
