using VividShift.Migrations.Databases;

namespace VividShift.Migrations.Activity;

/// <summary>What a session of the server is doing.</summary>
public enum ActivityState
{
    /// <summary>The role that looked may not see it; pg_read_all_stats would show it.</summary>
    Hidden,

    /// <summary>It runs a statement.</summary>
    Active,

    /// <summary>It waits for its client.</summary>
    Idle,

    /// <summary>It waits for its client within a transaction, and keeps what that has locked.</summary>
    IdleInTransaction,

    /// <summary>The same after a statement of the transaction failed.</summary>
    IdleInFailedTransaction,

    /// <summary>Anything else: a fast-path call, a session that is starting, one without track_activities, a process of the server's own.</summary>
    Other,
}

/// <summary>A session of the server, what it does, whom it waits for and who waits for it.</summary>
public sealed record DatabaseActivity
{
    /// <summary>Process id of the server's process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Its role; null for processes of the server's own.</summary>
    public string? Role { get; init; }

    /// <summary>Its database; null for processes that belong to none.</summary>
    public string? Database { get; init; }

    /// <summary>What its client calls itself (application_name); null when it has no name.</summary>
    public string? Application { get; init; }

    /// <summary>The client's address, or <c>local</c> for a Unix socket.</summary>
    public string? Client { get; init; }

    /// <summary>The kind of process: <c>client backend</c>, <c>autovacuum worker</c>, <c>walsender</c>.</summary>
    public string? BackendType { get; init; }

    /// <summary>What it is doing.</summary>
    public required ActivityState State { get; init; }

    /// <summary>What it waits for, as <c>Lock: relation</c> or <c>IO: DataFileRead</c>; null when it does not wait.</summary>
    public string? WaitEvent { get; init; }

    /// <summary>When the session began, by the server's clock; with the process id it names a session for ever.</summary>
    public DateTimeOffset? SessionStart { get; init; }

    /// <summary>When its transaction began; null outside one.</summary>
    public DateTimeOffset? TransactionStart { get; init; }

    /// <summary>When its statement began; of the last one when it is idle.</summary>
    public DateTimeOffset? StatementStart { get; init; }

    /// <summary>When it came into its state.</summary>
    public DateTimeOffset? StateChanged { get; init; }

    /// <summary>How long it has been in its state: how long the statement has run, or how long it has been idle.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How long its transaction has lasted; null outside one.</summary>
    public TimeSpan? TransactionDuration { get; init; }

    /// <summary>Its statement, or its last one; cut off where the server does (track_activity_query_size).</summary>
    public string? Query { get; init; }

    /// <summary>The lock it waits for, as <c>AccessExclusiveLock on public.orders</c>; null when it waits for none.</summary>
    public string? WantedLock { get; init; }

    /// <summary>The sessions it waits for, directly; 0 stands for a prepared transaction (pg_prepared_xacts).</summary>
    public IReadOnlyList<int> BlockedBy { get; init; } = [];

    /// <summary>The sessions that wait for it, directly.</summary>
    public IReadOnlyList<int> Blocks { get; init; } = [];

    /// <summary>Its place in the tree of blockers: 0 when it waits for nobody, else one more than the nearest of those it waits for.</summary>
    public int Depth { get; init; }

    /// <summary>The session at the root of its tree, itself when others wait for it and it for nobody; null when no lock is in play.</summary>
    public int? RootBlocker { get; init; }

    /// <summary>How far its command is, where the server tells.</summary>
    public ActivityProgress? Progress { get; init; }

    /// <summary>True when it holds sqlx's migration lock of its database: it is the one that may migrate.</summary>
    public bool MigrationRunner { get; init; }

    /// <summary>The migration that this module is running in it; null when it is not known.</summary>
    public long? MigrationVersion { get; init; }

    /// <summary>The database through which it was seen.</summary>
    public required DatabaseTarget SeenFrom { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"pid {ProcessId} ({Who()})");

    string Who()
    {
        var runner = (MigrationRunner, MigrationVersion) switch
        {
            (_, { } version) => FormattableString.Invariant($"migration {version}"),
            (true, _) => "holds the migration lock",
            _ => null,
        };
        return string.Join(", ", new[] { Role is null ? BackendType : "role " + Role, Application, runner }.OfType<string>());
    }
}

/// <summary>How far a command is, from the server's pg_stat_progress views.</summary>
/// <param name="Command">The command: <c>CREATE INDEX CONCURRENTLY</c>, <c>VACUUM</c>, <c>COPY FROM</c>.</param>
/// <param name="Phase">The phase it is in, in the server's words; null for commands without phases.</param>
/// <param name="Percent">From 0 to 100, of this phase and not of the whole; null when the server does not know how much there is.</param>
/// <param name="Done">What is done of the phase: blocks, rows, bytes or sessions waited for, as the phase counts.</param>
/// <param name="Total">How much there is; null when the server does not know.</param>
/// <param name="Relation">The table it works on, when it is in the database that was looked at.</param>
public sealed record ActivityProgress(string Command, string? Phase, double? Percent, long? Done, long? Total, string? Relation)
{
    /// <summary><c>CREATE INDEX: building index: scanning table 42 %</c>.</summary>
    public override string ToString() =>
        Command + (Phase is null ? string.Empty : ": " + Phase)
            + (Percent is { } percent ? FormattableString.Invariant($" {percent:0} %") : string.Empty);
}
