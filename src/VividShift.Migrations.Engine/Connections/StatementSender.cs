using Npgsql;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// Queues statements and sends them together: one round trip for what one batch can hold. Each statement is a batch command of its own
/// without parameters, which Npgsql sends unparsed; its own splitter breaks BEGIN ATOMIC bodies and some dollar tags.
/// </summary>
sealed class StatementSender(Session session, IMigrationObserver observer)
{
    // Bounds what a batch holds in memory on both sides; a migration beyond it takes more than one round trip.
    const int MostStatements = 1000;
    const int MostCharacters = 4 * 1024 * 1024;

    /// <summary>How long a step has taken: the one parameter there is.</summary>
    public const string Elapsed = "$1";

    readonly List<(NpgsqlBatchCommand Command, SqlStatement? Source)> _queue = [];
    int _characters;

    /// <summary>Queues statements, and sends where their boundaries say so.</summary>
    public async Task AddAsync(IEnumerable<PlannedStatement> statements, CancellationToken cancellationToken)
    {
        foreach (var statement in statements)
        {
            await AddAsync(statement, TimeSpan.Zero, cancellationToken);
        }
    }

    /// <summary>
    /// Queues a statement; sends what is queued when its boundary says so or when it gets large. COPY data goes through the copy protocol.
    /// </summary>
    /// <param name="statement">The statement.</param>
    /// <param name="elapsed">How long its step has taken so far.</param>
    /// <param name="cancellationToken">Cancels, on the server too.</param>
    /// <exception cref="StatementFailedException">The server refused something that was sent; what follows it was not run.</exception>
    public async Task AddAsync(PlannedStatement statement, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        if (statement.CopyData is { } data)
        {
            await FlushAsync(cancellationToken);
            await CopyAsync(statement, data, cancellationToken);
            return;
        }

        var command = new NpgsqlBatchCommand(statement.Sql);
        if (statement.IsTimed)
        {
            command.Parameters.Add(new() { Value = elapsed.Ticks * TimeSpan.NanosecondsPerTick });
        }

        if (statement.Boundary == StatementBoundary.ErrorBarrier)
        {
            command.AppendErrorBarrier = true;
        }

        _queue.Add((command, statement.Source));
        _characters += command.CommandText.Length;
        if (statement.Boundary == StatementBoundary.RoundTrip || _queue.Count >= MostStatements || _characters >= MostCharacters)
        {
            await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Sends what is queued and waits for its end.</summary>
    /// <exception cref="StatementFailedException">The server refused one of the statements; what follows it was not run.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_queue.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(session.Connection);
        foreach (var (command, _) in _queue)
        {
            Tell(command.CommandText);
            batch.BatchCommands.Add(command);
        }

        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e)
        {
            var failed = _queue.Find(q => ReferenceEquals(q.Command, e.BatchCommand));
            throw new StatementFailedException(e, failed.Source, failed.Command?.CommandText ?? string.Empty);
        }
        finally
        {
            Clear();
        }
    }

    /// <summary>Forgets what is queued: after a failure it must not be sent with the next batch.</summary>
    public void Clear()
    {
        _queue.Clear();
        _characters = 0;
    }

    void Tell(string sql)
    {
        if (observer.ReadsSql)
        {
            observer.Report(new StatementSent(sql));
        }
    }

    async Task CopyAsync(PlannedStatement statement, ReadOnlyMemory<char> data, CancellationToken cancellationToken)
    {
        const int Piece = 64 * 1024;
        var sql = statement.Sql;
        Tell(sql);
        try
        {
            await using var writer = await session.Connection.BeginTextImportAsync(sql, cancellationToken);
            for (; data.Length > 0; data = data[Math.Min(Piece, data.Length)..])
            {
                await writer.WriteAsync(data[..Math.Min(Piece, data.Length)], cancellationToken);
            }
        }
        catch (PostgresException e)
        {
            throw new StatementFailedException(e, statement.Source, sql);
        }
    }
}
