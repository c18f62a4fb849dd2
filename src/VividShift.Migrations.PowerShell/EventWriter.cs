using System.Management.Automation;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.PowerShell;

/// <summary>Turns what the engine tells into PowerShell's streams. Used on the pipeline thread only.</summary>
sealed class EventWriter(Cmdlet cmdlet)
{
    /// <summary>The tag of information records that hold what a migration said by RAISE NOTICE.</summary>
    public const string NoticeTag = "VsNotice";

    const int ActivityId = 1;
    const int MillisecondsBetweenUpdates = 200;

    string _activity = "Migrations";
    string _status = "Working";
    MigrationStarted? _started;
    int _percent = -1;
    long _nextUpdate = long.MinValue;
    bool _shown;

    // Put together when it is drawn, which is seldom.
    string Status => _started is { } started
        ? FormattableString.Invariant($"{started.Ordinal} of {started.Count}: {started.Version} {started.Description}")
        : _status;

    /// <summary>Writes one event to the stream that is meant for it.</summary>
    public void Write(MigrationEvent migrationEvent)
    {
        switch (migrationEvent)
        {
            case VerboseMessage step:
                cmdlet.WriteVerbose(BuildAgentText.Escape(step.Message));
                break;
            case StatementSent sent:
                cmdlet.WriteDebug(BuildAgentText.Escape(sent.Sql));
                break;
            case WarningRaised warning:
                cmdlet.WriteWarning(BuildAgentText.Escape(warning.Message));
                break;
            case NoticeReceived received:
                WriteNotice(received.Notice);
                break;
            case MigrationStarted started:
                _activity = started.Direction == MigrationDirection.Up ? "Applying migrations" : "Reverting migrations";
                _started = started;
                _percent = 100 * (started.Ordinal - 1) / started.Count;
                Update(operation: null);
                break;
            case StatementStarted statement:
                Update(FormattableString.Invariant($"Statement {statement.Ordinal} of {statement.Count}: {statement.Summary}"));
                break;
            case WaitingForLock awaited:
                Update($"Waiting for another run to end: {HumanReadable.Duration(awaited.Waited)}, lock held by {awaited.Holder ?? "a session that this role may not see"}");
                break;
            case ProgressChanged advanced:
                (_activity, _status, _percent, _started) = (BuildAgentText.Escape(advanced.Activity), advanced.Status, advanced.Percent, null);
                Update(operation: null);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(migrationEvent), migrationEvent, "The event has no stream.");
        }
    }

    /// <summary>Takes the progress bar away, if there was one.</summary>
    public void Complete()
    {
        if (_shown)
        {
            cmdlet.WriteProgress(new ProgressRecord(ActivityId, _activity, Status) { RecordType = ProgressRecordType.Completed });
            _shown = false;
        }
    }

    void WriteNotice(Notice notice)
    {
        var safe = notice with { Message = BuildAgentText.Escape(notice.Message) };
        switch (notice.Severity)
        {
            case "WARNING":
                cmdlet.WriteWarning(safe.Message);
                break;
            case "LOG" or "DEBUG":
                cmdlet.WriteDebug(safe.Message);
                break;
            default:
                cmdlet.WriteInformation(safe, [NoticeTag]);
                break;
        }
    }

    // Progress is drawn on the thread that works: unthrottled, drawing it takes longer than many migrations.
    void Update(string? operation)
    {
        if (Environment.TickCount64 < _nextUpdate)
        {
            return;
        }

        // A new record each time: PowerShell stores the reference, so a reused one would rewrite its own past.
        cmdlet.WriteProgress(new ProgressRecord(ActivityId, _activity, BuildAgentText.Escape(Status))
        {
            PercentComplete = _percent,
            CurrentOperation = operation is null ? null : BuildAgentText.Escape(operation),
        });
        _shown = true;
        _nextUpdate = Environment.TickCount64 + MillisecondsBetweenUpdates;
    }
}
