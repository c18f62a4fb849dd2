using Npgsql;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Backup;

/// <summary>One view of a database that several sessions and programs share, for as long as its owner's transaction is open.</summary>
static class Snapshot
{
    // Nothing may end the session that others depend on: not while it idles, not by a limit that is meant for people's queries.
    static readonly string[] Opening =
    [
        "SET idle_in_transaction_session_timeout = 0", "SET statement_timeout = 0", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    ];

    /// <summary>Begins a transaction in the session and gives its view a name.</summary>
    public static async Task<string> ExportAsync(Session session, TimeSpan lockTimeout, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        var patience = FormattableString.Invariant($"SET lock_timeout = {Math.Max(1, (long)lockTimeout.TotalMilliseconds)}");
        foreach (var statement in Opening.Prepend(patience))
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        await using var export = new NpgsqlCommand("SELECT pg_export_snapshot()", session.Connection);
        return (string)(await export.ExecuteScalarAsync(cancellationToken))!;
    }
}
