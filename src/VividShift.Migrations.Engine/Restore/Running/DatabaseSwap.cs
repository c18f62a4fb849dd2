using System.Diagnostics;
using Npgsql;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Restore.Planning;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Restore.Running;

/// <summary>
/// Gives the new database the name of the old one. Both renames, and all else that makes the new one like the old one, are one transaction:
/// whatever happens to this process, it is done as a whole or not at all.
/// </summary>
/// <param name="swapper">The session that renames.</param>
/// <param name="ender">Another session, which ends those that stand in the way while the first one waits for that.</param>
/// <param name="database">The name that is to be given.</param>
/// <param name="observer">Who is told of waits.</param>
sealed class DatabaseSwap(Session swapper, Session ender, DatabaseTarget database, IMigrationObserver observer)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>How many sessions were ended.</summary>
    public long Ended { get; private set; }

    /// <summary>Swaps; waits for sessions to go, or ends them.</summary>
    /// <param name="restoredAs">What the new database is called.</param>
    /// <param name="oldAs">What the old one will be called; null when there is none.</param>
    /// <param name="finish">What else belongs to the transaction.</param>
    /// <param name="force">End the sessions on the old database.</param>
    /// <param name="patience">How long to wait for them to end by themselves.</param>
    /// <param name="cancellationToken">Gives up; nothing is renamed then.</param>
    /// <exception cref="MigrationException">DatabaseInUse.</exception>
    public async Task RunAsync(
        string restoredAs, string? oldAs, IReadOnlyList<string> finish, bool force, TimeSpan patience, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await TryAsync(restoredAs, oldAs, finish, force, cancellationToken);
                return;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.ObjectInUse or PostgresErrorCodes.LockNotAvailable)
            {
                var sessions = await ConnectedSessions.ListAsync(ender, database.Database, cancellationToken);
                if (clock.Elapsed > patience)
                {
                    throw MigrationException.Of([ConnectedSessions.InUse(sessions, database, ended: force)], database, $"{database} is as it was.");
                }

                observer.Report(new ProgressChanged(
                    $"Swapping {database}", FormattableString.Invariant($"Waiting for {sessions.Count} session(s) to end: {string.Join("; ", sessions.Take(3))}"), -1));
            }
        }
    }

    async Task TryAsync(string restoredAs, string? oldAs, IReadOnlyList<string> finish, bool force, CancellationToken cancellationToken)
    {
        // Rolls back when it is disposed of without having been committed.
        await using var transaction = await swapper.Connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(swapper.Connection, transaction);
        batch.BatchCommands.Add(new("SET LOCAL lock_timeout = '5s'"));
        if (oldAs is not null)
        {
            batch.BatchCommands.Add(new($"ALTER DATABASE {SqlQuote.Identifier(database.Database)} RENAME TO {SqlQuote.Identifier(oldAs)}"));
        }

        batch.BatchCommands.Add(new($"ALTER DATABASE {SqlQuote.Identifier(restoredAs)} RENAME TO {SqlQuote.Identifier(database.Database)}"));
        foreach (var statement in finish)
        {
            batch.BatchCommands.Add(new(statement));
        }

        var renaming = batch.ExecuteNonQueryAsync(cancellationToken);
        try
        {
            // The rename holds the database's lock while it waits, so nobody new gets in: those that are ended now are the last ones.
            while (await Task.WhenAny(renaming, Task.Delay(Pause, CancellationToken.None)) != renaming)
            {
                await ConnectedSessions.EndAsync(ender, restoredAs, CancellationToken.None);
                if (force)
                {
                    Ended += await ConnectedSessions.EndAsync(ender, database.Database, CancellationToken.None);
                }
            }
        }
        finally
        {
            await renaming;
        }

        await transaction.CommitAsync(CancellationToken.None);
    }
}
