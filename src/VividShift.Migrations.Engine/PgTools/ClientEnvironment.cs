using System.Globalization;
using Npgsql;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.PgTools;

/// <summary>
/// A resolved connection in the words of libpq, as variables of a child process: other users of the machine can read the command line of
/// a process and not its environment. The names are those of the PostgreSQL manual, "Environment Variables".
/// </summary>
static class ClientEnvironment
{
    /// <summary>The variables for one database; what is left out keeps libpq's default.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: the connection has a setting that libpq takes in no variable.</exception>
    public static IReadOnlyDictionary<string, string> Of(ResolvedDatabase database, int programMajor)
    {
        var settings = database.Settings;
        if (!string.IsNullOrEmpty(settings.SslPassword))
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

        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PGHOST"] = settings.Host!,
            ["PGPORT"] = settings.Port.ToString(CultureInfo.InvariantCulture),
            ["PGDATABASE"] = settings.Database!,
            ["PGAPPNAME"] = settings.ApplicationName!,
            ["PGCONNECT_TIMEOUT"] = settings.Timeout.ToString(CultureInfo.InvariantCulture),
            ["PGSSLMODE"] = Mode(settings.SslMode),
        };
        Put("PGUSER", settings.Username);
        Put("PGPASSWORD", settings.Password);
        Put("PGPASSFILE", settings.Passfile ?? Environment.GetEnvironmentVariable("PGPASSFILE"));
        Put("PGOPTIONS", settings.Options);
        Put("PGSSLCERT", settings.SslCertificate);
        Put("PGSSLKEY", settings.SslKey);
        Put("PGSSLROOTCERT", settings.RootCertificate ?? SystemRoots(settings.SslMode, programMajor));
        Put("PGREQUIREAUTH", settings.RequireAuth);
        if (settings.ShouldSerialize("Channel Binding"))
        {
            Put("PGCHANNELBINDING", Lower(settings.ChannelBinding));
        }

        if (settings.ShouldSerialize("GSS Encryption Mode"))
        {
            Put("PGGSSENCMODE", Lower(settings.GssEncryptionMode));
        }

        if (settings.ShouldSerialize("SSL Negotiation"))
        {
            Put("PGSSLNEGOTIATION", Lower(settings.SslNegotiation));
        }

        if (settings.ShouldSerialize("Kerberos Service Name"))
        {
            Put("PGKRBSRVNAME", settings.KerberosServiceName);
        }

        return variables;

        void Put(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                variables[name] = value;
            }
        }
    }

    static string Mode(SslMode mode) => mode switch
    {
        SslMode.VerifyCA => "verify-ca",
        SslMode.VerifyFull => "verify-full",
        _ => Lower(mode),
    };

    /// <summary>Without a root certificate Npgsql asks the system's store; libpq knows that since 16, and for verify-full only.</summary>
    static string? SystemRoots(SslMode mode, int programMajor) =>
        mode == SslMode.VerifyFull && programMajor >= 16 && !File.Exists(OwnRoots) ? "system" : null;

    static string OwnRoots => OperatingSystem.IsWindows()
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "postgresql", "root.crt")
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".postgresql", "root.crt");

    static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
