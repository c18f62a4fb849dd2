using VividShift.Migrations.Databases;

namespace VividShift.Migrations.Restore;

/// <summary>A database that was restored and is in use under its name.</summary>
public sealed record RestoreResult
{
    /// <summary>The database.</summary>
    public required DatabaseTarget Database { get; init; }

    /// <summary>What the old database is called now; null when there was none, or when it was dropped.</summary>
    public string? KeptAs { get; init; }

    /// <summary>True when there was an old database and it was dropped.</summary>
    public bool Dropped { get; init; }

    /// <summary>The folder or file it was restored from.</summary>
    public required string Path { get; init; }

    /// <summary>What that is.</summary>
    public required RestoreSourceKind Kind { get; init; }

    /// <summary>How it was compared with what the backup's manifest says.</summary>
    public required RestoreComparison Comparison { get; init; }

    /// <summary>True when it was compared: counts, sequences and definitions at least. Archives and scripts have no manifest to be compared
    /// with.</summary>
    public bool Verified => Comparison != RestoreComparison.None;

    /// <summary>How many tables there are, or with -Table were restored.</summary>
    public required int Tables { get; init; }

    /// <summary>How many rows were counted while verifying; null when nothing was verified.</summary>
    public long? Rows { get; init; }

    /// <summary>The newest version in the restored history; null when there is none.</summary>
    public long? MigrationVersion { get; init; }

    /// <summary>How many sessions were ended for the swap.</summary>
    public int EndedSessions { get; init; }

    /// <summary>When it started, by this machine's clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From the first write to the end of the swap.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How long verifying took of that.</summary>
    public TimeSpan VerifyDuration { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"Restored {Database} from {Path} ({Tables} tables, {Duration.TotalSeconds:0.0} s)");
}
