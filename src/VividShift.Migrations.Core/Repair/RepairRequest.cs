namespace VividShift.Migrations.Repair;

/// <summary>What is to be done to history.</summary>
public enum RepairKind
{
    /// <summary>Stamp the file's checksum on rows whose file differs in nothing that matters, or whose edit is accepted.</summary>
    Checksums,

    /// <summary>Settle a version that stopped half-way as applied.</summary>
    Applied,

    /// <summary>Settle a version that stopped half-way as not applied.</summary>
    NotApplied,

    /// <summary>Forget versions whose file is gone.</summary>
    Missing,

    /// <summary>Mark versions as applied without running them.</summary>
    Register,

    /// <summary>Take marks back: forget versions that have files.</summary>
    Unregister,
}

/// <summary>What is to be done to history, and to which versions.</summary>
public sealed record RepairRequest
{
    /// <summary>What is to be done.</summary>
    public required RepairKind Kind { get; init; }

    /// <summary>The versions; null: every version to which it applies, where that is allowed.</summary>
    public IReadOnlyList<long>? Versions { get; init; }

    /// <summary>True when the versions came down a pipeline: those to which it does not apply are passed over.</summary>
    public bool Piped { get; init; }

    /// <summary>Of Register: every version up to this one, itself included.</summary>
    public long? Target { get; init; }

    /// <summary>A real edit of a file is accepted.</summary>
    public bool AcceptChange { get; init; }

    /// <summary>Go on although the outcome is a history with holes, or none at all.</summary>
    public bool Force { get; init; }
}
