namespace VividShift.Migrations.Activity;

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
