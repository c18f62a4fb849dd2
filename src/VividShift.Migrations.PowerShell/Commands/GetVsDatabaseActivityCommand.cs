using System.Management.Automation;
using VividShift.Migrations.Activity;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Shows what runs in a database, who waits for whom, and how far it is.</summary>
/// <remarks>
/// <para>
/// Emits one object for each session that runs a statement or holds a transaction open, other than its own. Sessions that wait for a lock
/// come below the one they wait for: the root of each tree first, with its depth and the process ids of both sides. Where the server
/// tells (index builds, VACUUM, CLUSTER, ANALYZE, COPY, base backups) Progress says the phase and how much of it is done.
/// </para>
/// <para>
/// The session that holds the migration lock is marked, whether it is this module or a service that embeds sqlx; a run of this module
/// names the migration it is at, also in pg_stat_activity: "VividShift.Migrations 20250926152953".
/// </para>
/// <para>
/// Nothing is written, and no right is needed. Of other roles' sessions a role without pg_read_all_stats sees only the process, the role, the
/// application and the locks; a warning says how many that are.
/// </para>
/// </remarks>
/// <example>
/// <para>What has run for more than five minutes</para>
/// <code>Get-VsDatabaseActivity -LongerThan 5m</code>
/// <para>A statement, or a transaction that somebody left open.</para>
/// </example>
/// <example>
/// <para>Who holds up the migration</para>
/// <code>Get-VsDatabaseActivity -Blocked</code>
/// <para>The trees of blockers and those who wait, with the lock that each wants.</para>
/// </example>
/// <example>
/// <para>Watch a run from another window</para>
/// <code>while ($true) { Get-VsDatabaseActivity | Out-Host; Start-Sleep -Seconds 1 }</code>
/// <para>Ctrl+C ends it. The migration is named, and so is how far an index build is.</para>
/// </example>
/// <example>
/// <para>End those who have had a transaction open for an hour</para>
/// <code>Get-VsDatabaseActivity -LongerThan 1h | Where-Object State -eq IdleInTransaction | Stop-VsDatabaseActivity -Terminate</code>
/// <para>Asks about each, unless -Confirm:$false is given.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "VsDatabaseActivity", DefaultParameterSetName = ConfiguredSet)]
[OutputType(typeof(DatabaseActivity))]
public sealed class GetVsDatabaseActivityCommand : VsConnectionCmdlet
{
    /// <summary>Only sessions that wait for a lock and those they wait for.</summary>
    [Parameter]
    public SwitchParameter Blocked { get; set; }

    /// <summary>Only sessions whose statement or transaction has lasted at least so long, such as 30s, 5m, 1h or 00:05:00.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan LongerThan { get; set; }

    /// <summary>Also sessions that are idle, parallel workers and processes of the server's own.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>The sessions of every database of the server.</summary>
    [Parameter]
    public SwitchParameter AllDatabases { get; set; }

    /// <inheritdoc/>
    protected override void Execute()
    {
        var wanted = new ActivityRequest
        {
            Blocked = Blocked,
            LongerThan = IsBound(nameof(LongerThan)) ? LongerThan : null,
            All = All,
            AllDatabases = AllDatabases,
        };
        WriteObject(Run((database, observer, stop) => database.Activity.GetAsync(wanted, observer, stop)), enumerateCollection: true);
    }
}
