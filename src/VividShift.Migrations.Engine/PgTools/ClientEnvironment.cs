using Npgsql;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.PgTools;

/// <summary>
/// A resolved connection in the words of libpq, as variables of a child process: other users of the machine can read the command line of
/// a process and not its environment. The names are those of the PostgreSQL manual, "Environment Variables".
/// </summary>
static class ClientEnvironment
{
    // libpq lets a service go before all other variables.
    const string Service = "PGSERVICE";

    /// <summary>
    /// The variables for one database; null stands for one that is to be taken away, since what we are started with would lead a program
    /// to another server or sign in otherwise than we do.
    /// </summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: the connection has a setting that libpq takes in no variable.</exception>
    public static IReadOnlyDictionary<string, string?> Of(ResolvedDatabase database, int programMajor)
    {
        if (!string.IsNullOrEmpty(database.Settings.SslPassword))
        {
            throw new MigrationException(
                MigrationErrorCode.ConfigurationInvalid,
                $"The connection from {database.Source} has a password for its TLS key, which PostgreSQL's programs take on the command line only, "
                + "where others can read it.",
                "Use a key without a password that only its owner can read.")
            {
                Target = database.Target,
            };
        }

        var variables = ConnectionParameters.All.SelectMany(parameter => parameter.Variables).Append(Service)
            .ToDictionary(name => name, string? (_) => null, StringComparer.Ordinal);
        foreach (var parameter in ConnectionParameters.All)
        {
            if (parameter.ChildVariable is { } variable)
            {
                variables[variable] = parameter.Read(database.Settings);
            }
        }

        variables[ConnectionParameters.RootCertificate.ChildVariable!] ??= SystemRoots(database.Settings.SslMode, programMajor);
        return variables;
    }

    /// <summary>Without a root certificate Npgsql asks the system's store; libpq knows that since 16, and for verify-full only.</summary>
    static string? SystemRoots(SslMode mode, int programMajor) =>
        mode == SslMode.VerifyFull && programMajor >= 16 && !File.Exists(ConnectionSources.UsersRootCertificate) ? "system" : null;
}
