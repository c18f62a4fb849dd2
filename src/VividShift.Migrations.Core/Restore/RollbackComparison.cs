using System.Globalization;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Restore;

/// <summary>Two ways back, side by side: down scripts, and the newest backup that was taken before what is to be undone.</summary>
public sealed record RollbackComparison
{
    /// <summary>The database.</summary>
    public required DatabaseTarget Database { get; init; }

    /// <summary>The down scripts, in the order in which they would run.</summary>
    public required IReadOnlyList<PlanStep> Steps { get; init; }

    /// <summary>What the down scripts would destroy.</summary>
    public IReadOnlyList<RollbackDataLoss> RollbackDataLosses { get; init; } = [];

    /// <summary>How long applying the same migrations took, by the history; nobody records how long undoing takes. Null when not
    /// known.</summary>
    public TimeSpan? AppliedIn { get; init; }

    /// <summary>The backup that would be restored; null when there is none that is older than what is to be undone.</summary>
    public DatabaseBackup? Backup { get; init; }

    /// <summary>Applied migrations that the backup does not have and that are not to be undone; a restore would take them too.</summary>
    public IReadOnlyList<long> AlsoUndone { get; init; } = [];

    /// <summary>Tables whose rows differ from the backup, or may do.</summary>
    public IReadOnlyList<RestoreLoss> RestoreLosses { get; init; } = [];

    /// <summary>How long the trial restore of the backup took; null when there was none.</summary>
    public TimeSpan? RestoredIn { get; init; }

    /// <summary>The down scripts in a sentence.</summary>
    public string DownSummary => Steps.Count == 0
        ? "nothing to undo"
        : string.Create(CultureInfo.InvariantCulture, $"undo {Steps.Count} migration(s): {string.Join(", ", Steps.Select(step => step.Version))}");

    /// <summary>How long the down scripts take, as far as anybody knows.</summary>
    public string DownTime => AppliedIn is { } time
        ? string.Create(CultureInfo.InvariantCulture, $"not recorded; applying them took {time.TotalSeconds:0.0} s")
        : "not recorded";

    /// <summary>The restore in a sentence.</summary>
    public string RestoreSummary
    {
        get
        {
            if (Backup is null)
            {
                return "no whole backup from before these migrations";
            }

            var also = AlsoUndone.Count == 0 ? string.Empty : $"; it also lacks {string.Join(", ", AlsoUndone)}, which are not to be undone";
            return string.Create(CultureInfo.InvariantCulture, $"{Backup.Name}, taken {Backup.TakenAt:u}, {(Backup.Verified ? "verified" : "never tried")}{also}");
        }
    }

    /// <summary>How long a restore takes, as far as anybody knows.</summary>
    public string RestoreTime => (RestoredIn, Backup) switch
    {
        ({ } time, _) => string.Create(CultureInfo.InvariantCulture, $"about {time.TotalSeconds:0.0} s, as its trial restore did"),
        (null, { } backup) => string.Create(CultureInfo.InvariantCulture, $"not tried; making the backup took {backup.Duration.TotalSeconds:0.0} s"),
        _ => string.Empty,
    };
}

/// <summary>Something that a down script destroys.</summary>
/// <param name="Version">The migration.</param>
/// <param name="What">What the statement does: <c>DROP TABLE</c>, <c>DROP COLUMN</c>, <c>DELETE</c>.</param>
/// <param name="Subject">The table, or table and column, as the script names it.</param>
/// <param name="Rows">How many rows the table has; null when it is not there.</param>
/// <param name="Exact">False when that is the server's estimate.</param>
public sealed record RollbackDataLoss(long Version, string What, string Subject, long? Rows, bool Exact)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{What} {Subject} ({(Rows is { } rows ? $"{(Exact ? string.Empty : "about ")}{rows} row(s)" : "not there now")}), migration {Version}");
}

/// <summary>A table that was written to since the backup.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Table">Its name.</param>
/// <param name="RowsThen">Rows in the backup; null when the table is not in it.</param>
/// <param name="RowsNow">Rows now; null when the table is gone.</param>
/// <param name="Exact">True when the rows were counted and hashed now; false when the count is the server's estimate.</param>
public sealed record RestoreLoss(string Schema, string Table, long? RowsThen, long? RowsNow, bool Exact)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var about = Exact ? string.Empty : "about ";
        var name = $"{Schema}.{Table}";
        return (RowsThen, RowsNow) switch
        {
            (null, { } now) => string.Create(CultureInfo.InvariantCulture, $"{name}: not in the backup, {about}{now} row(s) would go"),
            ({ } then, null) => string.Create(CultureInfo.InvariantCulture, $"{name}: gone now, {then} row(s) would come back"),
            ({ } then, { } now) when now == then && Exact => string.Create(CultureInfo.InvariantCulture, $"{name}: {now} row(s), some of them changed since"),
            ({ } then, { } now) when now > then => string.Create(CultureInfo.InvariantCulture, $"{name}: {about}{now - then} row(s) more than the {then} in the backup would go"),
            ({ } then, { } now) => string.Create(CultureInfo.InvariantCulture, $"{name}: {about}{now} row(s) now, {then} in the backup{(Exact ? string.Empty : "; too big to compare")}"),
            _ => name,
        };
    }
}
