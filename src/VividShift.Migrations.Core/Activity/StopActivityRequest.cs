namespace VividShift.Migrations.Activity;

/// <summary>A session whose statement or self is to be ended.</summary>
public sealed record StopActivityRequest
{
    /// <summary>The session as it was seen when somebody agreed to end it.</summary>
    public required DatabaseActivity Activity { get; init; }

    /// <summary>End the session and not only its statement.</summary>
    public bool Terminate { get; init; }

    /// <summary>Only if it is still in the state it was seen in, since the same moment.</summary>
    public bool OnlyIfUnchanged { get; init; }

    /// <summary>How long to wait until it is really gone.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>What became of a session that was to be ended.</summary>
public enum ActivityOutcome
{
    /// <summary>Its statement has ended.</summary>
    Cancelled,

    /// <summary>The session is gone; the server has rolled back its transaction and released its locks.</summary>
    Terminated,

    /// <summary>The signal was sent, and within the time it did not take effect.</summary>
    StillRunning,

    /// <summary>It had gone by itself, or does something else by now: nothing was done.</summary>
    Gone,

    /// <summary>It runs no statement, so there is nothing to cancel.</summary>
    NothingToCancel,

    /// <summary>It may not be ended: by this role, or at all.</summary>
    Refused,
}

/// <summary>What became of a session that was to be ended.</summary>
/// <param name="Activity">The session as it was seen before.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Waited">How long it took.</param>
/// <param name="Reason">Why it is not gone; null when it is.</param>
public sealed record StopActivityResult(DatabaseActivity Activity, ActivityOutcome Outcome, TimeSpan Waited, string? Reason)
{
    /// <summary>Process id of the server's process.</summary>
    public int ProcessId => Activity.ProcessId;

    /// <summary>What to do about the problem; null when there is none.</summary>
    public string? RecommendedAction { get; init; }

    /// <summary>Why it is not gone and what to do; null when it is.</summary>
    public string? Problem => Reason is null || RecommendedAction is null ? Reason : $"{Reason} {RecommendedAction}";

    /// <summary>The error that tells the problem; null when there is none.</summary>
    public MigrationException? ToException() => Reason is null ? null : new(
        Outcome == ActivityOutcome.StillRunning ? MigrationErrorCode.ActivityPersists : MigrationErrorCode.ActivityMissing,
        Reason,
        RecommendedAction)
    {
        DatabaseState = null,
        Target = Activity,
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Outcome} {Activity}";
}
