using Npgsql;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Running;

/// <summary>
/// Detects a pooler that gives a client another server session for each transaction (PgBouncer, pool_mode=transaction): a session lock
/// means nothing there and can be left behind.
/// </summary>
static class PoolerCheck
{
    const string BackendSql = "SELECT pg_backend_pid()";

    public static async Task RefuseSwappingAsync(
        Session session, ResolvedDatabase database, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        var backend = await BackendAsync(session, cancellationToken);
        if (backend == session.ProcessId)
        {
            return;
        }

        // The process id of the connection start-up is not the server's own: something stands between. A pooler that keeps a session for each client
        // cannot give ours to a second client while we hold it.
        await using var second = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, cancellationToken);
        var shared = false;
        for (var attempt = 0; attempt < 3 && !shared; attempt++)
        {
            shared = await BackendAsync(second, cancellationToken) == await BackendAsync(session, cancellationToken);
        }

        if (shared)
        {
            throw new MigrationException(
                MigrationErrorCode.PoolerUnsupported,
                $"{session.Target} is behind a pooler that gives each transaction another server session, so the migration lock cannot be held.",
                "Connect to the server itself, or to a pool with pool_mode=session.")
            {
                Target = session.Target,
            };
        }
    }

    static async Task<int> BackendAsync(Session session, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(BackendSql, session.Connection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
