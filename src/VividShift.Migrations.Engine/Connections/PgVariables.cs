using System.Globalization;
using Npgsql;
using VividShift.Migrations.Engine.Configuration;

namespace VividShift.Migrations.Engine.Connections;

/// <summary>
/// libpq's variables. As with libpq and sqlx they fill in whatever the connection's own source leaves open, so that one
/// <c>DATABASE_URL</c> means the same database to every tool. The password file is read by Npgsql.
/// </summary>
static class PgVariables
{
    static readonly string[] Locating = ["PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER"];

    static readonly (string Variable, string Part)[] Texts =
    [
        ("PGHOST", "Host"),
        ("PGHOSTADDR", "Host"),
        ("PGUSER", "Username"),
        ("PGPASSWORD", "Password"),
        ("PGDATABASE", "Database"),
        ("PGPASSFILE", "Passfile"),
        ("PGAPPNAME", "Application Name"),
        ("PGOPTIONS", "Options"),
        ("PGSSLCERT", "SSL Certificate"),
        ("PGSSLKEY", "SSL Key"),
        ("PGSSLROOTCERT", "Root Certificate"),
    ];

    /// <summary>The first variable that says where to connect; null when none does.</summary>
    internal static ConfigurationValue? FirstLocating(Variables variables) =>
        Locating.Select(variables.Find).FirstOrDefault(found => found is not null);

    /// <summary>Fills in what <paramref name="choice"/> leaves open.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming the variable.</exception>
    internal static void Fill(ConnectionChoice choice, Variables variables)
    {
        foreach (var (variable, part) in Texts)
        {
            choice.Fill(part, variables.Find(variable));
        }

        FillParsed(
            choice,
            "Port",
            variables.Find("PGPORT"),
            (settings, text) => settings.Port = HostName.Port(text) ?? throw new FormatException());
        FillParsed(choice, "SSL Mode", variables.Find("PGSSLMODE"), (settings, text) => settings.SslMode = UrlParameters.Tls(text));
        FillParsed(
            choice, "Timeout", variables.Find("PGCONNECT_TIMEOUT"), (settings, text) => settings.Timeout = UrlParameters.Seconds(text));
    }

    static void FillParsed(ConnectionChoice choice, string part, ConfigurationValue? value, Action<NpgsqlConnectionStringBuilder, string> apply)
    {
        if (value is null || choice.Says(part))
        {
            return;
        }

        try
        {
            var parsed = new NpgsqlConnectionStringBuilder();
            apply(parsed, value.Value);
            choice.Overlay(part, new ConfigurationValue(Convert.ToString(parsed[part], CultureInfo.InvariantCulture)!, value.Source));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw ConfigurationError.Create(
                $"The variable {value.Source} has the value '{value.Value}', which cannot be used.", "Correct or unset it.");
        }
    }
}
