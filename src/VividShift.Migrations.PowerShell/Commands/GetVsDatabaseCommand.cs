using System.Management.Automation;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Shows the state of a database at a glance.</summary>
/// <remarks>
/// <para>
/// Emits one object with the server's version and uptime, the size of the database, connections against the limit, how much is read from
/// memory, encoding and collation, replication, the newest applied migration and how many are pending, and the largest tables. With
/// -Detailed the tables are more, and the largest indexes and the settings that were changed come along.
/// </para>
/// <para>
/// Nothing is written, and no table is read: it asks the catalogue and the server's counters. What the role may not see is null. A missing
/// folder of migrations leaves the number of pending ones open.
/// </para>
/// </remarks>
/// <example>
/// <para>See where a database stands</para>
/// <code>Get-VsDatabase -Environment staging</code>
/// <para>The table has the figures that one asks for first; Format-List shows all of them.</para>
/// </example>
/// <example>
/// <para>See what takes the room</para>
/// <code>(Get-VsDatabase -Detailed).LargestTables | Select-Object -First 10 Name, TotalBytes, EstimatedRows</code>
/// <para>Sizes are in bytes, partitioned tables with their partitions.</para>
/// </example>
/// <example>
/// <para>Stop before a deployment when connections run short</para>
/// <code>$db = Get-VsDatabase; if ($db.Connections -gt 0.9 * $db.ConnectionLimit) { throw 'Hardly a connection is left.' }</code>
/// <para>Figures are numbers, so they compare.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "VsDatabase", DefaultParameterSetName = ConfiguredSet)]
[OutputType(typeof(DatabaseOverview))]
public sealed class GetVsDatabaseCommand : VsDatabaseCmdlet
{
    /// <summary>Also the fifty largest tables and indexes, and the settings that are not as PostgreSQL ships them.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void Execute() => WriteObject(Run((database, observer, stop) => database.Health.DescribeAsync(Detailed, observer, stop)));
}
