using Npgsql;
using VividShift.Migrations.Engine.Errors;
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

    readonly List<(NpgsqlBatchCommand Command, SqlStatement? Statement)> _queue = [];
    int _characters;

    /// <summary>Queues one of our own statements.</summary>
    public void Add(string sql) => Add(new NpgsqlBatchCommand(sql), null);

    /// <summary>Queues one of our own statements with parameters.</summary>
    public void Add(NpgsqlBatchCommand command) => Add(command, null);

    /// <summary>Ends the implicit transaction of what is queued so far, so that a failure behind it cannot undo it.</summary>
    public void AddBarrier()
    {
        if (_queue.Count > 0)
        {
            _queue[^1].Command.AppendErrorBarrier = true;
        }
    }

    /// <summary>Queues a statement of a file; sends what is queued when it gets large. COPY data goes through the copy protocol.</summary>
    public async Task AddAsync(SqlScript script, SqlStatement statement, CancellationToken cancellationToken)
    {
        if (statement.DataOffset is not null)
        {
            await FlushAsync(cancellationToken);
            await CopyAsync(script, statement, cancellationToken);
            return;
        }

        Add(new NpgsqlBatchCommand(script.TextOf(statement)), statement);
        if (_queue.Count >= MostStatements || _characters >= MostCharacters)
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
            throw new StatementFailedException(e, failed.Statement, failed.Command?.CommandText ?? string.Empty);
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

    void Add(NpgsqlBatchCommand command, SqlStatement? statement)
    {
        _queue.Add((command, statement));
        _characters += command.CommandText.Length;
    }

    async Task CopyAsync(SqlScript script, SqlStatement statement, CancellationToken cancellationToken)
    {
        const int Piece = 64 * 1024;
        var sql = script.TextOf(statement);
        Tell(sql);
        try
        {
            await using var writer = await session.Connection.BeginTextImportAsync(sql, cancellationToken);
            for (var data = script.DataOf(statement); data.Length > 0; data = data[Math.Min(Piece, data.Length)..])
            {
                await writer.WriteAsync(data[..Math.Min(Piece, data.Length)], cancellationToken);
            }
        }
        catch (PostgresException e)
        {
            throw new StatementFailedException(e, statement, sql);
        }
    }
}
