using VividShift.Migrations.Backup;

namespace VividShift.Migrations.Engine.Backup.Archive;

/// <summary>The tables of an archive whose rows are wanted: all, or those that a <see cref="TablePattern"/> means.</summary>
sealed class ArchiveTables(IReadOnlyList<string> patterns)
{
    /// <summary>True when no table was named, and so all are meant.</summary>
    public bool IsAll => patterns.Count == 0;

    /// <summary>True when a table was chosen.</summary>
    public bool Has(string schema, string table) => IsAll || patterns.Any(pattern => TablePattern.Matches(pattern, schema, table));

    /// <summary>Those that match nothing.</summary>
    public IEnumerable<string> WithoutMatch(IReadOnlyCollection<(string Schema, string Table)> tables) =>
        patterns.Where(pattern => !tables.Any(table => TablePattern.Matches(pattern, table.Schema, table.Table)));

    /// <summary>The table of contents with the rows of the chosen tables only.</summary>
    /// <remarks>
    /// All definitions stay, for a table can need types, functions and sequences. Foreign keys go, as they may lead to tables whose rows
    /// are not there, and with them what is computed from such rows.
    /// </remarks>
    public IEnumerable<string> Reduce(ArchiveContents contents, BackupManifest? manifest)
    {
        var filled = contents.TableData(manifest);
        return contents.Entries.Where(entry => KindOf(entry) switch
        {
            "TABLE DATA" => filled.TryGetValue(ArchiveContents.IdOf(entry), out var table) && Has(table.Schema, table.Table),
            "" => true,
            _ => false,
        });
    }

    static string KindOf(string entry)
    {
        var words = entry.Split(' ', 4);
        return words.Length < 4
            ? string.Empty
            : Array.Find(
                ["TABLE DATA", "FK CONSTRAINT", "MATERIALIZED VIEW DATA", "BLOBS", "BLOB"],
                kind => words[3].StartsWith(kind + " ", StringComparison.Ordinal)) ?? string.Empty;
    }
}
