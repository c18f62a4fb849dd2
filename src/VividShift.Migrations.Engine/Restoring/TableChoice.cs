using System.IO.Enumeration;
using VividShift.Migrations.Backups;

namespace VividShift.Migrations.Engine.Restoring;

/// <summary>The tables of -Table: <c>shop.orders</c>, or <c>orders</c> in any schema; <c>*</c> and <c>?</c> stand for other letters.</summary>
sealed class TableChoice(IReadOnlyList<string> patterns)
{
    /// <summary>True when no table was named, and so all are meant.</summary>
    public bool IsAll => patterns.Count == 0;

    /// <summary>True when a table was chosen.</summary>
    public bool Has(string schema, string table) => IsAll || patterns.Any(pattern => Matches(pattern, schema, table));

    /// <summary>Those that match nothing.</summary>
    public IEnumerable<string> WithoutMatch(IReadOnlyCollection<(string Schema, string Table)> tables) =>
        patterns.Where(pattern => !tables.Any(table => Matches(pattern, table.Schema, table.Table)));

    /// <summary>The tables of which an archive holds rows.</summary>
    public static IReadOnlyList<(string Schema, string Table)> TablesOf(ArchiveContents contents, BackupManifest? manifest) =>
    [
        .. contents.TableData.Select(entry => Named(entry, manifest?.Fingerprints ?? [])).OfType<(string, string)>(),
    ];

    /// <summary>The table of contents with the rows of the chosen tables only.</summary>
    /// <remarks>
    /// All definitions stay, for a table can need types, functions and sequences. Foreign keys go, as they may lead to tables whose rows are
    /// not there, and with them what is computed from such rows.
    /// </remarks>
    public IEnumerable<string> Reduce(ArchiveContents contents, BackupManifest? manifest) => contents.Entries.Where(entry => KindOf(entry) switch
    {
        "TABLE DATA" => Named(entry[(entry.IndexOf("TABLE DATA ", StringComparison.Ordinal) + 11)..], manifest?.Fingerprints ?? []) is { } table
            && Has(table.Schema, table.Table),
        "" => true,
        _ => false,
    });

    static string KindOf(string entry)
    {
        var words = entry.Split(' ', 4);
        return words.Length < 4
            ? string.Empty
            : Array.Find(["TABLE DATA", "FK CONSTRAINT", "MATERIALIZED VIEW DATA", "BLOBS", "BLOB"], kind => words[3].StartsWith(kind + " ", StringComparison.Ordinal)) ?? string.Empty;
    }

    // Schema, name and owner stand there without quotes, and each may hold blanks: what is known to exist decides.
    static (string Schema, string Table)? Named(string entry, IReadOnlyList<TableFingerprint> known)
    {
        var found = known.Where(table => entry.StartsWith($"{table.Schema} {table.Table} ", StringComparison.Ordinal)).MaxBy(table => table.Table.Length);
        if (found is not null)
        {
            return (found.Schema, found.Table);
        }

        var (first, last) = (entry.IndexOf(' ', StringComparison.Ordinal), entry.LastIndexOf(' '));
        return first > 0 && last > first ? (entry[..first], entry[(first + 1)..last]) : null;
    }

    static bool Matches(string pattern, string schema, string table) =>
        FileSystemName.MatchesSimpleExpression(pattern, table, ignoreCase: false)
        || FileSystemName.MatchesSimpleExpression(pattern, $"{schema}.{table}", ignoreCase: false);
}
