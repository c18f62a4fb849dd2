using System.Management.Automation;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Shows which migrations are applied and which are pending.</summary>
/// <remarks>
/// <para>
/// Joins the files of the migrations folder with the history in the database and emits one object for each migration, ordered by
/// version. Pending and OutOfOrder migrations are still to be applied; Modified ones were changed after they were applied; the file of
/// a Missing one is gone; a Failed one stopped half-way outside a transaction. The property Problem says what is the matter.
/// </para>
/// <para>
/// Nothing is written: no table is created, no lock is taken, and the session is read-only. SELECT on the history table is enough, and a
/// database without one shows every migration as pending.
/// </para>
/// </remarks>
/// <example>
/// <para>See where a database stands</para>
/// <code>Get-VsMigrationStatus</code>
/// <para>Uses the folder "migrations" and the database that environment variables or configuration files name.</para>
/// </example>
/// <example>
/// <para>Apply what is pending</para>
/// <code>Get-VsMigrationStatus | Where-Object Pending | Invoke-VsMigration</code>
/// <para>Pending is a Boolean, so it filters by itself.</para>
/// </example>
/// <example>
/// <para>Stop a pipeline when an applied file was edited</para>
/// <code>if (Get-VsMigrationStatus -Environment staging | Where-Object State -eq Modified) { exit 1 }</code>
/// <para>State is an enumeration: Pending, Applied, Modified, Missing, OutOfOrder or Failed.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "VsMigrationStatus", DefaultParameterSetName = ConfiguredSet)]
[OutputType(typeof(MigrationStatus))]
public sealed class GetVsMigrationStatusCommand : VsDatabaseCmdlet
{
    /// <inheritdoc/>
    protected override void Execute() => WriteObject(Run((database, observer, stop) => database.Migrations.GetStatusAsync(observer, stop)), enumerateCollection: true);
}
