using System.Text;
using VividShift.Migrations.Databases;
using VividShift.Migrations.History;

namespace VividShift.Migrations.Repair;

/// <summary>One row of history as it was and as it is, or would be.</summary>
public sealed record HistoryChange
{
    const int ShortChecksum = 12;

    /// <summary>The version.</summary>
    public required long Version { get; init; }

    /// <summary>The description.</summary>
    public required string Description { get; init; }

    /// <summary>The row before; null when there was none.</summary>
    public AppliedMigration? Before { get; init; }

    /// <summary>The row after; null when it is gone.</summary>
    public AppliedMigration? After { get; init; }

    /// <summary>Why the change is right, or who says so.</summary>
    public required string Reason { get; init; }

    /// <summary>The history table, qualified.</summary>
    public required string Table { get; init; }

    /// <summary>The database.</summary>
    public required DatabaseTarget Database { get; init; }

    /// <summary>What is done to the row: <c>Add</c>, <c>Change</c> or <c>Remove</c>.</summary>
    public string Action => (Before, After) switch
    {
        (null, _) => "Add",
        (_, null) => "Remove",
        _ => "Change",
    };

    /// <summary>
    /// The row before and after, as far as they differ: <c>success false -> true, checksum ba738659784e... -> 4c659bf3d45c...</c>
    /// </summary>
    public string Difference => (Before, After) switch
    {
        (null, { } after) => $"no row -> {Row(after)}",
        ({ } before, null) => $"{Row(before)} -> no row",
        ({ } before, { } after) => Changed(before, after),
        _ => string.Empty,
    };

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Action} the row of {Version} ({Description}): {Difference}; {Reason}");

    /// <summary>True when both do the same to the same row. The moment at which a new row is made is the server's and not compared.</summary>
    public bool IsSameAs(HistoryChange other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Version == other.Version && Table == other.Table && Before == other.Before
            && (After is null ? other.After is null : other.After is not null && After == (other.After with { InstalledOn = After.InstalledOn }));
    }

    static string Changed(AppliedMigration before, AppliedMigration after)
    {
        var text = new StringBuilder();
        Add("success", Success(before), Success(after));
        Add("checksum", Short(before), Short(after));
        Add("description", $"'{before.Description}'", $"'{after.Description}'");
        Add("execution_time", FormattableString.Invariant($"{before.ExecutionTime}"), FormattableString.Invariant($"{after.ExecutionTime}"));
        return text.ToString();

        void Add(string column, string old, string now)
        {
            if (old != now)
            {
                text.Append(text.Length == 0 ? string.Empty : ", ").Append(column).Append(' ').Append(old).Append(" -> ").Append(now);
            }
        }
    }

    static string Row(AppliedMigration row) => $"success {Success(row)}, checksum {Short(row)}";

    static string Success(AppliedMigration row) => row.Success ? "true" : "false";

    static string Short(AppliedMigration row)
    {
        var hash = row.Checksum.ToString();
        return hash.Length <= ShortChecksum ? $"'{hash}'" : hash[..ShortChecksum] + "...";
    }
}
