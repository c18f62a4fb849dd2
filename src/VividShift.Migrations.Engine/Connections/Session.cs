using System.Net.Sockets;
using Npgsql;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>One dedicated, open connection. What a file leaves behind in it is cleared by <see cref="ResetAsync"/>.</summary>
internal sealed class Session : IAsyncDisposable
{
    static readonly TimeSpan StartUpPatience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    /// <summary>What brings back the session's own settings where RESET ALL does not.</summary>
    internal static IReadOnlyList<string> SettingsAfterReset { get; } = [];

    Session(NpgsqlConnection connection, ResolvedDatabase database, IMigrationObserver observer)
    {
        Connection = connection;
        Target = database.Target;
        Name = database.Settings.ApplicationName ?? ApplicationName.Default;
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
            return new Session(await ConnectAsync(database.DataSource(purpose), database, observer, cancellationToken), database, observer);
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
        await using var batch = new NpgsqlBatch(Connection);
        foreach (var statement in StatementList.Reset(SettingsAfterReset))
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement.Sql));
        }

        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception exception) when (SqlErrors.Covers(exception))
        {
            throw SqlErrors.Translate(exception, Target, cancellationToken);
        }
    }

    /// <summary>Closes the connection, and with it whatever the session still holds.</summary>
    public ValueTask DisposeAsync() => Connection.DisposeAsync();

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
