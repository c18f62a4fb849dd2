using System.Globalization;
using VividShift.Migrations.Activity;

namespace VividShift.Migrations.Reporting;

/// <summary>What sessions say in a report: seen, and told to end.</summary>
static class ActivityEntries
{
    const string Group = "Activity";

    /// <summary>A session; one that waits for a lock or makes others wait is a warning, one that idles in a transaction a note.</summary>
    public static ReportEntry Of(DatabaseActivity session)
    {
        var (state, level) = session switch
        {
            { BlockedBy.Count: > 0 } => ("Waits", ReportLevel.Warning),
            { Blocks.Count: > 0 } => ("Blocks", ReportLevel.Warning),
            { State: ActivityState.IdleInTransaction or ActivityState.IdleInFailedTransaction } => (session.State.ToString(), ReportLevel.Note),
            _ => (session.State.ToString(), ReportLevel.Fine),
        };
        return new(
            Group,
            $"Session{state}",
            level,
            session.ToString(),
            string.Join('\n', new[] { Standing(session), session.Query }.OfType<string>()))
        {
            State = state,
            DatabaseObject = Name(session),
            Database = Place(session),
        };
    }

    /// <summary>A session that was to be ended; one that may not be, or is still there, is an error.</summary>
    public static ReportEntry Of(StopActivityResult stopped) => new(
        Group,
        $"Session{stopped.Outcome}",
        stopped.Outcome switch
        {
            ActivityOutcome.Cancelled or ActivityOutcome.Terminated => ReportLevel.Fine,
            ActivityOutcome.StillRunning or ActivityOutcome.Refused => ReportLevel.Error,
            _ => ReportLevel.Warning,
        },
        stopped.Activity.ToString(),
        Said(stopped))
    {
        State = stopped.Outcome.ToString(),
        Duration = stopped.Waited,
        DatabaseObject = Name(stopped.Activity),
        Database = Place(stopped.Activity),
    };

    static string Said(StopActivityResult stopped) => stopped.Problem ?? stopped.Activity.Query ?? string.Empty;

    static string Standing(DatabaseActivity session)
    {
        var parts = new List<string>();
        if (session.BlockedBy.Count > 0)
        {
            parts.Add($"waits for {session.WantedLock ?? "a lock"}, which {Holders(session.BlockedBy)} keeps it from");
        }
        else if (session.WaitEvent is { } wait)
        {
            parts.Add($"waits for {wait}");
        }

        if (session.Blocks.Count > 0)
        {
            parts.Add($"keeps {Holders(session.Blocks)} waiting");
        }

        if (session.Progress is { } progress)
        {
            parts.Add(progress.ToString());
        }

        if (session.Duration is { } duration)
        {
            parts.Add($"{session.State} for {HumanReadable.Duration(duration)}");
        }

        if (session.TransactionDuration is { } transaction)
        {
            parts.Add($"in a transaction for {HumanReadable.Duration(transaction)}");
        }

        return parts.Count == 0 ? session.State.ToString() : string.Join("; ", parts);
    }

    static string Holders(IEnumerable<int> sessions) => string.Join(
        ", ", sessions.Select(id => id == 0 ? "a prepared transaction" : string.Create(CultureInfo.InvariantCulture, $"session {id}")));

    static string Name(DatabaseActivity session) => string.Create(CultureInfo.InvariantCulture, $"session {session.ProcessId}");

    // Sessions of all databases of a server are seen from one of them.
    static string Place(DatabaseActivity session) => (session.SeenFrom with { Database = session.Database ?? session.SeenFrom.Database }).ToString();
}
