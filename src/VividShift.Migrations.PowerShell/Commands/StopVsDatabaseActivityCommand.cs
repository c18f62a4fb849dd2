using System.Management.Automation;
using VividShift.Migrations.Activity;

namespace VividShift.Migrations.PowerShell.Commands;

/// <summary>Cancels statements of a database, or ends sessions.</summary>
/// <remarks>
/// <para>
/// Cancels what the session runs; with -Terminate it ends the session, and the server rolls back its transaction and releases its locks.
/// Waits until that has really happened and emits what became of each. One that is still there when the time is over is told as an error.
/// </para>
/// <para>
/// The server uses process ids again, and a session goes on to its next statement. An object from Get-VsDatabaseActivity carries when session
/// and statement began, and nothing is done to one that is no longer the same: it is told as an error, and the others are still ended.
/// </para>
/// <para>
/// Each session is asked about, with its role, its application and its statement; -WhatIf shows the same and does nothing. Ending sessions of
/// other roles needs membership in them or in pg_signal_backend.
/// </para>
/// </remarks>
/// <example>
/// <para>Cancel what has run for more than an hour</para>
/// <code>Get-VsDatabaseActivity -LongerThan 1h | Where-Object State -eq Active | Stop-VsDatabaseActivity</code>
/// <para>The sessions stay; their clients get an error (57014).</para>
/// </example>
/// <example>
/// <para>End whoever blocks the migration</para>
/// <code>Get-VsDatabaseActivity -Blocked | Where-Object Depth -eq 0 | Stop-VsDatabaseActivity -Terminate</code>
/// <para>The roots of the trees: whoever waited for them goes on.</para>
/// </example>
/// <example>
/// <para>One session, by its process id, without being asked</para>
/// <code>Stop-VsDatabaseActivity -ProcessId 4711 -Terminate -Confirm:$false</code>
/// <para>The process id as pg_stat_activity, a log or an error message names it.</para>
/// </example>
[Cmdlet(
    VerbsLifecycle.Stop,
    "VsDatabaseActivity",
    DefaultParameterSetName = ConfiguredSet,
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(StopActivityResult))]
public sealed class StopVsDatabaseActivityCommand : VsConnectionCmdlet
{
    readonly List<DatabaseActivity> _seen = [];

    /// <summary>The process ids of the server's sessions.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ValidateRange(1, int.MaxValue)]
    public int[]? ProcessId { get; set; }

    /// <summary>The sessions, as Get-VsDatabaseActivity emits them.</summary>
    [Parameter(ValueFromPipeline = true)]
    public DatabaseActivity[]? InputObject { get; set; }

    /// <summary>End the session and not only its statement.</summary>
    [Parameter]
    public SwitchParameter Terminate { get; set; }

    /// <summary>How many seconds to wait until statement or session is really gone. Default: 10.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int TimeoutSec { get; set; } = 10;

    /// <inheritdoc/>
    protected override void CollectInput()
    {
        ThrowIfMutuallyExclusive(nameof(ProcessId), nameof(InputObject));
        _seen.AddRange(InputObject ?? []);
    }

    /// <inheritdoc/>
    protected override void Execute()
    {
        RequireOneOf(MyInvocation.ExpectingInput || IsBound(nameof(InputObject)), nameof(ProcessId));
        if (ProcessId is { } wanted)
        {
            Find(wanted);
        }

        var ends = _seen.DistinctBy(seen => seen.ProcessId)
            .Where(seen => ShouldProcess(ActivityText.Session(seen), ActivityText.Ending(seen, Terminate)))
            .Select(seen => new StopActivityRequest { Activity = seen, Terminate = Terminate, Patience = TimeSpan.FromSeconds(TimeoutSec) })
            .ToList();
        if (ends.Count == 0)
        {
            return;
        }

        foreach (var stopped in Run((database, observer, stop) => database.Activity.StopAsync(ends, observer, stop)))
        {
            WriteObject(stopped);
            if (stopped.ToException() is { } problem)
            {
                WriteError(problem);
            }
        }
    }

    void Find(int[] wanted)
    {
        var found = Run((database, observer, stop) => database.Activity.GetAsync(new() { ProcessIds = wanted }, observer, stop));
        _seen.AddRange(found);
        foreach (var missing in wanted.Except(found.Select(seen => seen.ProcessId)))
        {
            WriteError(new MigrationException(
                MigrationErrorCode.ActivityMissing,
                FormattableString.Invariant($"The server has no session with process id {missing}."),
                "See Get-VsDatabaseActivity for those there are.")
            {
                Target = missing,
            });
        }
    }
}
