using Npgsql;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Restore;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>Who is connected to a database, and their end.</summary>
static class ConnectedSessions
{
    // Autovacuum is no reason to wait: the server ends its workers itself when a database is renamed.
    const string Others = "a.datname = $1 AND a.pid <> pg_backend_pid() AND COALESCE(a.backend_type, '') <> 'autovacuum worker'";

    const string ListSql = $"""
        SELECT a.pid, a.usename::text, COALESCE(a.application_name, ''), host(a.client_addr), a.backend_start, a.state
        FROM pg_stat_activity a WHERE {Others}
        UNION ALL
        SELECT 0, p.owner::text, 'prepared transaction ' || p.gid, NULL, p.prepared, NULL FROM pg_prepared_xacts p WHERE p.database = $1
        ORDER BY 1
        """;

    public static async Task<IReadOnlyList<ConnectedSession>> ListAsync(Session session, string database, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ListSql, session.Connection) { Parameters = { new() { Value = database } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<ConnectedSession> found = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
            found.Add(new(
                reader.GetInt32(0),
                Text(1),
                reader.GetString(2),
                Text(3),
                reader.IsDBNull(4) ? null : new DateTimeOffset(reader.GetDateTime(4)),
                Text(5)));
        }

        return found;
    }

    /// <summary>Has the server end all of them; gives how many were told to.</summary>
    public static async Task<long> EndAsync(Session session, string database, CancellationToken cancellationToken)
    {
        // Not in WHERE: the planner puts its conditions in the order it likes, and would end everybody before it asks for the database.
        await using var command = new NpgsqlCommand(
            $"SELECT count(*) FILTER (WHERE pg_terminate_backend(a.pid)) FROM pg_stat_activity a WHERE {Others}", session.Connection)
        {
            Parameters = { new() { Value = database } },
        };
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The finding that lists who stands in the way.</summary>
    /// <param name="sessions">The sessions; process id 0 is a prepared transaction, which nobody can end.</param>
    /// <param name="database">What they use.</param>
    /// <param name="ended">True when they were told to end already.</param>
    public static Finding InUse(IReadOnlyList<ConnectedSession> sessions, DatabaseTarget database, bool ended)
    {
        var prepared = sessions.Any(session => session.ProcessId == 0);
        return Finding.Refusal(
            MigrationErrorCode.DatabaseInUse,
            FormattableString.Invariant($"{sessions.Count} session(s) use {database}:\n  {string.Join("\n  ", sessions.Take(20))}"),
            (ended, prepared) switch
            {
                (_, true) => "Commit or roll back the prepared transactions (COMMIT PREPARED, ROLLBACK PREPARED), then run again.",
                (true, _) => "They came back although they were ended: stop what connects, then run again.",
                _ => "Stop what is connected, or give -Force to end these sessions.",
            }) with
        {
            OverriddenBy = prepared || ended ? RefusalOverrides.None : RefusalOverrides.Force,
        };
    }
}
