namespace VividShift.Migrations.Activity;

/// <summary>Which sessions to show. By itself: those that run a statement or hold a transaction open, and whoever blocks them.</summary>
public sealed record ActivityRequest
{
    /// <summary>Only those whose statement, or transaction, has lasted at least so long.</summary>
    public TimeSpan? LongerThan { get; init; }

    /// <summary>Only those that wait for a lock and those they wait for.</summary>
    public bool Blocked { get; init; }

    /// <summary>Also those that are idle, parallel workers and processes of the server's own.</summary>
    public bool All { get; init; }

    /// <summary>The sessions of every database of the server.</summary>
    public bool AllDatabases { get; init; }

    /// <summary>Only the session that holds the migration lock of the database that is looked from.</summary>
    public bool LockOwner { get; init; }

    /// <summary>Only these, whatever they do and wherever; null: all.</summary>
    public IReadOnlyCollection<int>? ProcessIds { get; init; }
}

/// <summary>Which sessions of a server answer a request.</summary>
public static class ActivityFilter
{
    const string Client = "client backend";
    const string Autovacuum = "autovacuum worker";

    /// <summary>The sessions asked for, with their places in the tree.</summary>
    /// <param name="sessions">All sessions of the server but one's own.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="database">The database that was looked from.</param>
    public static IReadOnlyList<DatabaseActivity> Apply(IEnumerable<DatabaseActivity> sessions, ActivityRequest request, string database)
    {
        var tree = BlockingTree.Of(sessions);
        if (request.ProcessIds is { } wanted)
        {
            return [.. tree.Where(s => wanted.Contains(s.ProcessId))];
        }

        if (request.LockOwner)
        {
            return [.. tree.Where(s => s.MigrationRunner && s.Database == database)];
        }

        // Locks of roles, databases and the like are shared: who blocks us may be in another database.
        var here = tree.Where(s => request.AllDatabases || s.Database == database).ToList();
        var roots = here.Select(s => s.RootBlocker).OfType<int>().ToHashSet();
        return
        [
            .. tree.Where(s => request.AllDatabases || s.Database == database || roots.Contains(s.RootBlocker ?? 0))
                .Where(s => request.Blocked ? s.RootBlocker is not null : request.All || IsBusy(s))
                .Where(s => request.LongerThan is not { } limit || Longest(s) >= limit),
        ];
    }

    static bool IsBusy(DatabaseActivity session) =>
        session.RootBlocker is not null
        || session.MigrationRunner
        || session.MigrationVersion is not null
        || (session.BackendType is Client or Autovacuum && session.State is not ActivityState.Idle);

    static TimeSpan Longest(DatabaseActivity session)
    {
        var statement = session.State == ActivityState.Idle ? TimeSpan.Zero : session.Duration ?? TimeSpan.Zero;
        var transaction = session.TransactionDuration ?? TimeSpan.Zero;
        return statement > transaction ? statement : transaction;
    }
}
