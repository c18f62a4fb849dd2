using System.Management.Automation;
using VividShift.Migrations.Configuration;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Shows which settings apply and where each one came from.</summary>
/// <remarks>
/// <para>
/// The connection comes from the first of these that names one: -ConnectionString; -Server; the variable VIVIDSHIFT_DATABASE_URL; the
/// variable DATABASE_URL (or the one that sqlx.toml names); vividshift.json with vividshift.ENVIRONMENT.json and variables such as
/// VIVIDSHIFT__PASSWORD on top; libpq's PGHOST, PGPORT, PGDATABASE and PGUSER. -Database and -Credential replace parts of any of them, and
/// libpq's variables and password file fill in what is left open. Variables are also read from a .env file in the current location or
/// above it; the real environment goes first.
/// </para>
/// <para>
/// The environment is -Environment, the variable VIVIDSHIFT_ENVIRONMENT, the variable ENVIRONMENT, or dev. One that has no file while others
/// have is refused.
/// </para>
/// <para>
/// The files take: connectionString, server, port, database, username, password, passwordCommand (a program that prints the password, as a list,
/// or a text for the shell), role (taken with SET ROLE), sslMode, sslRootCertificate, migrations, lockTimeoutSec, commandTimeoutSec,
/// connectRetrySec, protected, backups, seeds, checks, templates, pgBinPath, hooks, and databases: several databases by name, each with
/// settings of its own, chosen with -Database. A misspelt or mistyped setting is an error that names file and line. Folders are relative to the
/// file that names them. The schema for editors is schema/vividshift.schema.json in the module's folder. From sqlx.toml come the history
/// table, its schemas, the folder and the ignored characters.
/// </para>
/// <para>Passwords are masked. Nothing is connected to and nothing is started; of a passwordCommand the program is shown and not asked.</para>
/// </remarks>
/// <example>
/// <para>See what applies here</para>
/// <code>Get-VsConfiguration</code>
/// <para>One row for each setting: a source is a parameter, a variable, a file with its line, or "default".</para>
/// </example>
/// <example>
/// <para>See which database an environment means</para>
/// <code>Get-VsConfiguration -Environment staging | Where-Object Name -in server, database, username</code>
/// <para>Look before a run, without touching the server.</para>
/// </example>
/// <example>
/// <para>See the databases that have a name here, and what one of them means</para>
/// <code>Get-VsConfiguration -Database orders | Where-Object Name -match '^databases:|^server$|^database$|^migrations$'</code>
/// <para>The rows databases:NAME list them all; -Database NAME is what chooses one.</para>
/// </example>
/// <example>
/// <para>Find out why a setting is not what you expect</para>
/// <code>(Get-VsConfiguration | Where-Object Name -eq lockTimeoutSec).Source</code>
/// <para>Prints, for instance, vividshift.staging.json:4.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "VsConfiguration", DefaultParameterSetName = ConfiguredSet)]
[OutputType(typeof(ConfigurationSetting))]
public sealed class GetVsConfigurationCommand : VsDatabaseCmdlet
{
    /// <inheritdoc/>
    protected override void Execute() => WriteObject(Opened.DescribeSettings(), enumerateCollection: true);
}
