namespace VividShift.Migrations.Health;

/// <summary>From when on something is worth telling. The defaults keep a healthy database silent.</summary>
public sealed record HealthThresholds
{
    /// <summary>The defaults.</summary>
    public static readonly HealthThresholds Default = new();

    /// <summary>Tables larger than this are sampled unless a full report is asked for: 256 MB.</summary>
    public long SampleAboveBytes { get; init; } = 256L << 20;

    /// <summary>How much of such a table is read: 32 MB.</summary>
    public long SampleBytes { get; init; } = 32L << 20;

    /// <summary>Smaller indexes may go unused: of a small table the planner reads all. 1 MB.</summary>
    public long UnusedIndexBytes { get; init; } = 1L << 20;

    /// <summary>For how long use must have been counted before "never used" means something: 14 days.</summary>
    public TimeSpan UnusedIndexAge { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Percent of its values that a sequence has used when it is a warning: 75.</summary>
    public int SequenceWarningPercent { get; init; } = 75;

    /// <summary>Percent of its values that a sequence has used when it is an error: 90.</summary>
    public int SequenceErrorPercent { get; init; } = 90;

    /// <summary>Smaller tables and indexes may be bloated: 64 MB.</summary>
    public long BloatBytes { get; init; } = 64L << 20;

    /// <summary>Percent of a table or an index that is estimated to be empty or dead: 50.</summary>
    public int BloatPercent { get; init; } = 50;

    /// <summary>Age in transactions (of 2.1 billion) at which wraparound is a warning: 1 billion, five times what starts a
    /// vacuum.</summary>
    public long WraparoundWarningAge { get; init; } = 1_000_000_000;

    /// <summary>Age in transactions at which wraparound is an error: 1.6 billion, where vacuum goes into its emergency mode.</summary>
    public long WraparoundErrorAge { get; init; } = 1_600_000_000;

    /// <summary>How long a statement may run: 30 minutes.</summary>
    public TimeSpan LongStatement { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a transaction may be open: an hour.</summary>
    public TimeSpan LongTransaction { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a session may do nothing within a transaction: 5 minutes.</summary>
    public TimeSpan IdleInTransaction { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a prepared transaction may wait for its end: an hour.</summary>
    public TimeSpan PreparedTransaction { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How much write-ahead log an inactive slot may hold back before it is an error: 10 GB.</summary>
    public long RetainedWalBytes { get; init; } = 10L << 30;
}
