using System.Management.Automation;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Examines the health of a database.</summary>
/// <remarks>
/// <para>
/// Emits one Finding for each thing that is wrong or in danger, the worst first, with the object, what was seen of it and, where there is
/// one, the SQL that fixes it; nothing when all is well. It looks for rows that break a foreign key, whether it is NOT VALID or was switched
/// off, and rows that break a CHECK; constraints that are NOT VALID and triggers that are disabled; indexes that are invalid, there
/// twice, never used, bloated or missing behind a foreign key; tables without a primary key, bloated, or left alone by autovacuum; sequences
/// near their end or behind their column; transaction id wraparound; sessions, prepared transactions and replication slots that hold on for
/// too long; outdated extensions, collations of another version and settings that endanger data; databases that Restore-VsDatabase has
/// replaced and kept; and for what Test-VsMigration finds that would keep migrations from running.
/// </para>
/// <para>
/// An Error is data that is wrong or in danger now. A Warning will hurt one day. Information is worth knowing, and says as well what could not
/// be examined: for want of time, of rights, or because a large table was read in part. Bloat of tables and of B-tree indexes is an estimate
/// from statistics: nothing is read for it. A foreign key has an index when the first columns of one are all its columns, in whatever order,
/// or columns that alone name one row of the other table.
/// </para>
/// <para>
/// The project's own checks are the files *.sql of the folder "checks": one query each, which must return no row. Comments in front of it,
/// "-- severity: warning", "-- message: ..." and "-- fix: ...", say what the finding is to say; it is named after the file.
/// </para>
/// <para>
/// Nothing is written: every query runs in a read-only transaction, in one process of the server, gives up after two seconds where it would
/// have to wait for a lock, and ends when its time is over. FixSql is to be read before it is run; where no SQL can know what is right, as
/// with rows that break a CHECK, RecommendedAction holds the query that lists them and what ends it.
/// </para>
/// </remarks>
/// <example>
/// <para>See how a database is</para>
/// <code>Test-VsDatabase -Environment staging</code>
/// <para>One row for each finding, the worst first.</para>
/// </example>
/// <example>
/// <para>Read what fixes it</para>
/// <code>Test-VsDatabase | Where-Object Severity -eq Error | Format-List</code>
/// <para>The list shows the evidence and the SQL that fixes it.</para>
/// </example>
/// <example>
/// <para>Validate after a migration, and stop the deployment when data is wrong</para>
/// <code>if (-not (Test-VsDatabase -FullReport -Quiet -TimeoutSec 600)) { throw 'The database does not pass.' }</code>
/// <para>-FullReport reads all rows of large tables; -Quiet emits true when there is no finding of severity Error.</para>
/// </example>
/// <example>
/// <para>Look for orphaned rows alone</para>
/// <code>Test-VsDatabase -Constraint | Where-Object Rule -eq BrokenForeignKey</code>
/// <para>The evidence holds how many rows there are, and the keys that they refer to.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "VsDatabase", DefaultParameterSetName = ConfiguredSet)]
[OutputType(typeof(Finding), typeof(bool))]
public sealed class TestVsDatabaseCommand : VsDatabaseCmdlet
{
    /// <summary>Read all rows of large tables instead of a sample, and say all that there is to say of the migration files.</summary>
    [Parameter]
    public SwitchParameter FullReport { get; set; }

    /// <summary>Examine only constraints: rows that break them, those that are NOT VALID, triggers that are disabled.</summary>
    [Parameter]
    public SwitchParameter Constraint { get; set; }

    /// <summary>Examine only indexes: invalid, there twice, never used, bloated, missing behind a foreign key.</summary>
    [Parameter]
    public SwitchParameter Index { get; set; }

    /// <summary>Emit only true, or false when there is a finding of severity Error.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>How many seconds one check may take; what it has found by then counts. Default: 30.</summary>
    [Parameter]
    [ValidateRange(1, 86_400)]
    public int TimeoutSec { get; set; } = (int)HealthRequest.DefaultCheckTimeout.TotalSeconds;

    /// <summary>
    /// Folders, or single files, of the project's own checks; wildcards are allowed. Default: what the configuration says, else the
    /// folder "checks" in the current location, which may be missing.
    /// </summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? CheckPath { get; set; }

    /// <inheritdoc/>
    protected override void Execute()
    {
        var request = new HealthRequest
        {
            Groups = [.. Groups()],
            Full = FullReport,
            CheckTimeout = TimeSpan.FromSeconds(TimeoutSec),
            CheckPaths = [.. (CheckPath ?? []).SelectMany(path => SessionPaths.Wildcard(SessionState.Path, path))],
        };
        var findings = Run((database, observer, stop) => database.Health.TestAsync(request, observer, stop));
        if (Quiet)
        {
            WriteObject(findings.All(finding => finding.Severity != FindingSeverity.Error));
        }
        else
        {
            WriteObject(findings, enumerateCollection: true);
        }
    }

    IEnumerable<HealthGroup> Groups()
    {
        if (Constraint)
        {
            yield return HealthGroup.Constraint;
        }

        if (Index)
        {
            yield return HealthGroup.Index;
        }
    }
}
