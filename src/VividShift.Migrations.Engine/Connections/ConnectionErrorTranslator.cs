using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Npgsql;
using VividShift.Migrations.Engine.Errors;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>Why a connection could not be made, said so that the reader knows which setting to look at. Never tells a password.</summary>
static class ConnectionErrorTranslator
{
    internal static Exception Translate(Exception exception, ResolvedDatabase database, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return exception as OperationCanceledException
                ?? new OperationCanceledException("Connecting was cancelled.", exception, cancellationToken);
        }

        return exception is PostgresException answer ? FromServer(answer, database) : FromNetwork(exception, database);
    }

    /// <summary>
    /// True for what Npgsql throws on settings that are fine one by one and cannot go together, and on broken certificates.
    /// </summary>
    internal static bool IsContradiction(Exception exception) =>
        exception is ArgumentException or NotSupportedException or CryptographicException;

    /// <summary>The exception for such settings.</summary>
    internal static MigrationException Contradiction(Exception exception, ResolvedDatabase database) => Refusal(
        MigrationErrorCode.ConfigurationInvalid,
        $"The connection from {database.Source} has settings that cannot be used: {Sentence(exception)}.",
        "Correct them there, or in libpq's variables.",
        exception, database);

    static MigrationException FromServer(PostgresException answer, ResolvedDatabase database) => answer.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => Refusal(
            MigrationErrorCode.AuthenticationFailed,
            $"{Place(database)} refused user '{database.Target.UserName}': {answer.MessageText}."
            + $" User and password came from {database.CredentialSource}.",
            "Give the right ones with -Credential, or correct them there.",
            answer, database),
        PostgresErrorCodes.InvalidCatalogName => Refusal(
            MigrationErrorCode.DatabaseMissing,
            $"There is no database '{database.Target.Database}' on {Place(database)}{NamedBy(database)}.",
            "Check the name, or let Invoke-VsMigration create it with -CreateDatabase.",
            answer, database),
        PostgresErrorCodes.TooManyConnections => Refusal(
            MigrationErrorCode.ConnectionFailed,
            $"{Place(database)} has no connection left: {answer.MessageText}.",
            "Close other clients, or raise max_connections or the limit of the role or database (ALTER ROLE … CONNECTION LIMIT).",
            answer, database),
        PostgresErrorCodes.CannotConnectNow => Refusal(
            MigrationErrorCode.ConnectionFailed,
            $"{Place(database)} is running and does not take connections: {answer.MessageText}.",
            "Try again when it has started; its log says what it is waiting for.",
            answer, database),
        _ when database.Role is { } role && IsAbout(answer, role) => Refusal(
            MigrationErrorCode.PermissionDenied,
            $"'{database.Target.UserName}' cannot work as the role '{role}' on {Place(database)}: {answer.MessageText}.",
            $"Let its owner run GRANT \"{role}\" TO \"{database.Target.UserName}\", or correct the setting 'role'.",
            answer, database),
        PostgresErrorCodes.InsufficientPrivilege => Refusal(
            MigrationErrorCode.PermissionDenied,
            $"Role '{database.Target.UserName}' may not connect to {database.Target}: {answer.MessageText}.",
            $"Let an owner run: GRANT CONNECT ON DATABASE \"{database.Target.Database}\" TO \"{database.Target.UserName}\".",
            answer, database),
        _ when answer.MessageText.Contains("startup parameter", StringComparison.OrdinalIgnoreCase) => Refusal(
            MigrationErrorCode.PoolerUnsupported,
            $"{Place(database)} is a connection pooler that refuses our session settings: {answer.MessageText}.",
            "Connect to PostgreSQL itself: migrations need one server session of their own.",
            answer, database),
        _ => Refusal(
            MigrationErrorCode.ConnectionFailed,
            $"{Place(database)} refused the connection: {answer.MessageText} (SQLSTATE {answer.SqlState}).",
            $"The connection came from {database.Source}.",
            answer, database),
    };

    // "permission denied to set role", and "invalid value for parameter "role"" for one that does not exist.
    static bool IsAbout(PostgresException answer, string role) =>
        answer.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidParameterValue
        && answer.MessageText.Contains($"\"{role}\"", StringComparison.Ordinal)
        && answer.MessageText.Contains("role", StringComparison.Ordinal);

    static MigrationException FromNetwork(Exception exception, ResolvedDatabase database)
    {
        // Npgsql has no SQLSTATE for this one: the server asked for a password before we could be refused.
        if (exception.Message.Contains("No password has been provided", StringComparison.Ordinal))
        {
            return Refusal(
                MigrationErrorCode.AuthenticationFailed,
                $"{Place(database)} asks user '{database.Target.UserName}' for a password, and none was given."
                + $" The user came from {database.CredentialSource}.",
                "Give one with -Credential, PGPASSWORD or the password file.",
                exception, database);
        }

        var (reason, advice) = Reason(exception, database);
        return Refusal(
            MigrationErrorCode.ConnectionFailed,
            $"Cannot connect to {Place(database)}: {reason}. The host came from {database.ServerSource}.",
            advice, exception, database);
    }

    static (string Reason, string RecommendedAction) Reason(Exception exception, ResolvedDatabase database)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AuthenticationException:
                    return ($"TLS failed, {Sentence(cause)}", "Check the SSL mode, the root certificate and the host name.");
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return ("nothing listens there (connection refused)", "Check host and port, and that the server runs.");
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return ("the host name is not known", "Check the spelling of the host.");
                case SocketException socket:
                    return (Sentence(socket), "Check host and port, and the network between.");
                case TimeoutException:
                    return (
                        FormattableString.Invariant($"no answer within {database.Settings.Timeout} s"),
                        "Check host and port, and firewalls; connect_timeout (Timeout) gives a slow network more time.");
                default:
                    break;
            }
        }

        return (Sentence(exception), "Check host, port and SSL mode.");
    }

    static string NamedBy(ResolvedDatabase database) => database.DatabaseSource switch
    {
        null => "",
        "default" => " (nothing names one, so it is called as the user)",
        var source => $" (named by {source})",
    };

    static string Place(ResolvedDatabase database) => FormattableString.Invariant($"{database.Target.Host}:{database.Target.Port}");

    static string Sentence(Exception exception) => exception.Message.TrimEnd('.');

    static MigrationException Refusal(
        MigrationErrorCode code, string what, string advice, Exception exception, ResolvedDatabase database) =>
        new(code, what, advice, exception)
        {
            Target = database.Target,
            Sql = exception is PostgresException answer ? SqlErrors.Details(answer, null) : null,
        };
}
