using System.Globalization;
using VividShift.Migrations.Activity;

namespace VividShift.Migrations.PowerShell;

/// <summary>What the views and questions say of sessions.</summary>
public static class ActivityText
{
    const int LongestStatement = 200;

    /// <summary>The process id, two blanks deeper for each step down the tree of blockers.</summary>
    public static string Place(DatabaseActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return new string(' ', 2 * Math.Min(activity.Depth, 3)) + activity.ProcessId.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The migration that it runs, else the application, else the role.</summary>
    public static string Who(DatabaseActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return activity switch
        {
            { MigrationVersion: { } version } => string.Create(CultureInfo.InvariantCulture, $"migration {version}"),
            _ => ViewText.Safe(activity.Application ?? activity.Role ?? activity.BackendType),
        };
    }

    /// <summary>A state in words: <c>idle in a transaction</c>.</summary>
    public static string State(ActivityState state) => state switch
    {
        ActivityState.Active => "active",
        ActivityState.Idle => "idle",
        ActivityState.IdleInTransaction => "idle in transaction",
        ActivityState.IdleInFailedTransaction => "idle, failed",
        ActivityState.Hidden => "hidden",
        _ => "other",
    };

    /// <summary>A state with a symbol: <c>! waits</c> for who waits for a lock, <c>&gt; blocks 2</c> for who is waited for.</summary>
    public static string Standing(DatabaseActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return activity switch
        {
            { BlockedBy.Count: > 0 } => "! waits for lock",
            { Blocks.Count: > 0 } => string.Create(CultureInfo.InvariantCulture, $"> blocks {activity.Blocks.Count}"),
            { State: ActivityState.Active } => "= active",
            { State: ActivityState.IdleInTransaction } => "~ in transaction",
            _ => "~ " + State(activity.State),
        };
    }

    /// <summary>How far it is, the lock it wants, or its statement, on one line.</summary>
    public static string Doing(DatabaseActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        var statement = OneLine(activity.Query);
        return activity switch
        {
            { WantedLock: { } wanted } => $"{ViewText.Safe(wanted)}: {statement}",
            { Progress: { } progress } => $"{ViewText.Safe(progress.ToString())}: {statement}",
            _ => statement,
        };
    }

    /// <summary>The session, for questions.</summary>
    public static string Session(DatabaseActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        var server = string.Create(CultureInfo.InvariantCulture, $"{activity.SeenFrom.Host}:{activity.SeenFrom.Port}");
        return ViewText.Safe($"{activity}, {activity.Database ?? "no database"} at {server}");
    }

    /// <summary>What is about to be done to it, for questions.</summary>
    public static string Ending(DatabaseActivity activity, bool terminate)
    {
        ArgumentNullException.ThrowIfNull(activity);
        var what = terminate ? "End the session" : "Cancel the statement";
        var since = activity.Duration is null ? string.Empty : $" for {HumanReadable.Duration(activity.Duration)}";
        var statement = OneLine(activity.Query);
        return $"{what} ({State(activity.State)}{since}){(statement.Length == 0 ? string.Empty : ": " + statement)}";
    }

    /// <summary>What became of it, with a symbol: <c>- Terminated</c>.</summary>
    public static string Outcome(ActivityOutcome outcome) =>
        (outcome is ActivityOutcome.Cancelled or ActivityOutcome.Terminated ? "- " : "! ") + outcome;

    // Blanks of every kind become one, control characters go: a statement is somebody else's text.
    static string OneLine(string? text)
    {
        var words = (text ?? string.Empty).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var line = string.Concat(string.Join(' ', words).Where(c => !char.IsControl(c)));
        return ViewText.Safe(line.Length <= LongestStatement ? line : line[..LongestStatement] + "...");
    }
}
