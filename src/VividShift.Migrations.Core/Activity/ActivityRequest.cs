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
