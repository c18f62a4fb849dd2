using VividShift.Migrations.Backup;

namespace VividShift.Migrations.Engine.Backup.Verification;

/// <summary>A table whose rows a dump holds, and how to hash one of them.</summary>
/// <param name="Schema">Its schema, not quoted.</param>
/// <param name="Table">Its name, not quoted.</param>
/// <param name="QualifiedName">Both, quoted where needed.</param>
/// <param name="Size">About how many bytes it has on disk, the ones set aside for long values included; 0 when the server has not looked
/// yet.</param>
/// <param name="Columns">Its columns by name, generated ones left out: what a hash of each is made of.</param>
internal sealed record FingerprintTable(string Schema, string Table, string QualifiedName, long Size, IReadOnlyList<ColumnHash> Columns)
{
    /// <summary>True for a part of a partitioned table.</summary>
    public bool IsPartition { get; init; }

    /// <summary>The hash of a table without columns, whose rows can only be counted.</summary>
    public const string NoHash = "0";

    /// <summary>The same table, to be counted and not hashed.</summary>
    public FingerprintTable Counted() => this with { Columns = [] };

    /// <summary>A query of one row: its key, the number of rows, the sum of their hashes.</summary>
    public string Query(int key)
    {
        if (Columns.Count == 0)
        {
            return FormattableString.Invariant($"SELECT {key}, count(*), '{NoHash}' FROM ONLY {QualifiedName}");
        }

        // The hash of a column is salted with its place, so that xor tells (1, 2) from (2, 1).
        var row = string.Join(" # ", Columns.Select((column, place) => column.Expression(place + 1)));
        return FormattableString.Invariant($"SELECT {key}, count(*), coalesce(sum({row}), 0)::text FROM ONLY {QualifiedName}");
    }

    /// <summary>What was found, as it is recorded.</summary>
    public TableFingerprint Found(long rows, string hash) => new(Schema, Table, rows, hash);
}
