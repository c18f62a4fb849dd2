using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.Planning;

/// <summary>Forwards or backwards.</summary>
public enum MigrationDirection
{
    /// <summary>Apply up scripts.</summary>
    Up,

    /// <summary>Run down scripts.</summary>
    Down,
}

/// <summary>How transactions are drawn around a run.</summary>
public enum TransactionMode
{
    /// <summary>One transaction for each migration that can have one. What sqlx does.</summary>
    PerMigration,

    /// <summary>One transaction for the whole run: all or nothing.</summary>
    All,
}

/// <summary>What the user wants done, before anything is read.</summary>
public sealed record PlanRequest
{
    /// <summary>Forwards or backwards.</summary>
    public MigrationDirection Direction { get; init; }

    /// <summary>Up: the last version to apply, inclusive. Down: the version that stays as the newest.</summary>
    public long? Target { get; init; }

    /// <summary>At most so many migrations. Down without any limit means 1.</summary>
    public int? Count { get; init; }

    /// <summary>Down: everything.</summary>
    public bool All { get; init; }

    /// <summary>The versions that came down the pipeline; null when none did.</summary>
    public IReadOnlyList<long>? Selection { get; init; }

    /// <summary>Tolerate history rows whose file is gone.</summary>
    public bool IgnoreMissing { get; init; }

    /// <summary>Apply pending files that are older than the newest applied one.</summary>
    public bool AllowOutOfOrder { get; init; }

    /// <summary>Override the refusals that can be overridden; each becomes a warning.</summary>
    public bool Force { get; init; }

    /// <summary>The overrides as findings know them.</summary>
    public RefusalOverrides Overrides =>
        (Force ? RefusalOverrides.Force : RefusalOverrides.None)
        | (IgnoreMissing ? RefusalOverrides.IgnoreMissing : RefusalOverrides.None)
        | (AllowOutOfOrder ? RefusalOverrides.AllowOutOfOrder : RefusalOverrides.None);

    /// <summary>How transactions are drawn.</summary>
    public TransactionMode Transaction { get; init; }

    /// <summary>Create the database when it does not exist.</summary>
    public bool CreateDatabase { get; init; }
}
