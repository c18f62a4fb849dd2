using System.Data.Common;
using System.Net.Sockets;
using Npgsql;
using VividShift.Migrations.Databases;

namespace VividShift.Migrations.Engine.Errors;

/// <summary>The one translator from what Npgsql throws to what may leave the engine.</summary>
static class SqlErrors
{
    const string IdleInTransactionSessionTimeout = "25P03";

    /// <summary>True for exceptions that come from the server, the network or cancellation; the rest are mistakes of ours.</summary>
    internal static bool Covers(Exception exception) =>
        exception is DbException or IOException or SocketException or TimeoutException or OperationCanceledException;

    /// <summary>What the server said, as Core's words.</summary>
    /// <param name="answer">The server's answer.</param>
    /// <param name="statement">The statement as sent; null: the one that Npgsql knows to have failed, if any.</param>
    internal static SqlErrorDetails Details(PostgresException answer, string? statement) => new(
        answer.SqlState,
        answer.MessageText,
        answer.Detail,
        answer.Hint,
        answer.Where,
        statement ?? answer.BatchCommand?.CommandText,
        answer.Position);

    /// <summary>
    /// The exception to throw instead. Cancellation by <paramref name="cancellationToken"/> becomes an
    /// <see cref="OperationCanceledException"/>; what is not covered comes back as it is.
    /// </summary>
    internal static Exception Translate(
        Exception exception, DatabaseTarget target, CancellationToken cancellationToken, string? statement = null)
    {
        if (exception is MigrationException || !Covers(exception))
        {
            return exception;
        }

        if (cancellationToken.IsCancellationRequested && IsCancellation(exception))
        {
            return exception as OperationCanceledException ?? new OperationCanceledException("Cancelled.", exception, cancellationToken);
        }

        if (exception is PostgresException answer)
        {
            return FromServer(answer, target, statement);
        }

        if (exception is TimeoutException || exception.InnerException is TimeoutException)
        {
            return Failure(
                MigrationErrorCode.DatabaseError,
                $"A statement on {target} did not finish in the time it was given and was cancelled.",
                "Give it more with -CommandTimeoutSec (0: no limit), or see what it waits for in pg_stat_activity.",
                exception, target);
        }

        return IsConnectionLoss(exception)
            ? Lost(exception, target, exception.Message.TrimEnd('.'), null)
            : Failure(MigrationErrorCode.DatabaseError, $"{target}: {exception.Message}", null, exception, target);
    }

    /// <summary>True when the connection cannot be used any more after this exception.</summary>
    internal static bool IsConnectionLoss(Exception exception) => exception switch
    {
        PostgresException answer => IsConnectionLoss(answer.SqlState),
        NpgsqlException npgsql => npgsql.InnerException is IOException or SocketException or ObjectDisposedException,
        IOException or SocketException => true,
        _ => false,
    };

    static bool IsConnectionLoss(string sqlState) =>
        sqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.DatabaseDropped or PostgresErrorCodes.IdleSessionTimeout or IdleInTransactionSessionTimeout
        // 08P01 is PostgreSQL's answer to a bare $1: the statement is to blame, not the network.
        || (sqlState.StartsWith("08", StringComparison.Ordinal) && sqlState != PostgresErrorCodes.ProtocolViolation);

    static bool IsCancellation(Exception exception) =>
        exception is OperationCanceledException or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled }
        || exception.InnerException is OperationCanceledException;

    static MigrationException FromServer(PostgresException answer, DatabaseTarget target, string? statement)
    {
        var said = Said(answer);
        if (IsConnectionLoss(answer.SqlState))
        {
            return Lost(answer, target, said, statement);
        }

        var (code, advice) = answer.SqlState switch
        {
            PostgresErrorCodes.InsufficientPrivilege => (
                MigrationErrorCode.PermissionDenied,
                $"Run as the owner of the object, or let the owner grant '{target.UserName}' what is missing."),
            PostgresErrorCodes.ReadOnlySqlTransaction => (
                MigrationErrorCode.ReadOnlyServer,
                "Connect to the primary; if this is the primary, see default_transaction_read_only of the role and the database."),
            PostgresErrorCodes.QueryCanceled => (
                MigrationErrorCode.DatabaseError,
                "Nobody here cancelled it: see statement_timeout of the role and the database, or ask who did."),
            PostgresErrorCodes.LockNotAvailable => (
                MigrationErrorCode.DatabaseError, "Another session holds what it needs: see pg_stat_activity, or raise lock_timeout."),
            PostgresErrorCodes.ProtocolViolation => (
                MigrationErrorCode.DatabaseError, "Scripts have no parameters: $1 is allowed in function bodies only."),
            _ => (MigrationErrorCode.DatabaseError, (string?)null),
        };
        return Failure(code, $"{target}: {said}", advice, answer, target, statement);
    }

    static MigrationException Lost(Exception exception, DatabaseTarget target, string reason, string? statement) => Failure(
        MigrationErrorCode.ConnectionLost,
        $"The connection to {target} broke: {reason}.",
        "The server rolls back what was not committed; see with Get-VsMigrationStatus what is applied.",
        exception, target, statement);

    static string Said(PostgresException answer)
    {
        var said = $"{answer.MessageText} (SQLSTATE {answer.SqlState})";
        if (!string.IsNullOrEmpty(answer.Detail))
        {
            said += $" DETAIL: {answer.Detail}";
        }

        if (!string.IsNullOrEmpty(answer.Hint))
        {
            said += $" HINT: {answer.Hint}";
        }

        return said;
    }

    static MigrationException Failure(
        MigrationErrorCode code, string what, string? advice, Exception exception, DatabaseTarget target, string? statement = null) =>
        new(code, what, advice, exception)
        {
            // Only who knows what was under way can say.
            DatabaseState = null,
            Target = target,
            Sql = exception is PostgresException answer ? Details(answer, statement) : null,
        };
}
