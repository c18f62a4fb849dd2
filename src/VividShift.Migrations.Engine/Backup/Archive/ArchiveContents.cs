using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.PgTools;

namespace VividShift.Migrations.Engine.Backup.Archive;

/// <summary>What pg_restore says of an archive without restoring it.</summary>
/// <param name="ServerMajor">The major of the server that was dumped; 0 when the archive does not say.</param>
/// <param name="Entries">The lines of its table of contents.</param>
sealed partial record ArchiveContents(int ServerMajor, IReadOnlyList<string> Entries)
{
    /// <summary>The tables whose rows it holds, by the number that pg_restore has for each entry.</summary>
    /// <param name="manifest">What is known of the tables; null: nothing.</param>
    public IReadOnlyDictionary<int, (string Schema, string Table)> TableData(BackupManifest? manifest)
    {
        var known = (manifest?.Fingerprints ?? []).Select(table => (table.Schema, table.Table)).ToHashSet();
        var tables = new Dictionary<int, (string Schema, string Table)>();
        foreach (var match in Entries.Select(entry => DataPattern().Match(entry)).Where(match => match.Success))
        {
            if (Named(match.Groups["of"].Value, known) is { } table)
            {
                tables[int.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture)] = table;
            }
        }

        return tables;
    }

    /// <summary>The number of an entry; 0 when the line has none.</summary>
    public static int IdOf(string entry) =>
        int.TryParse(entry.AsSpan(0, Math.Max(0, entry.IndexOf(';', StringComparison.Ordinal))), CultureInfo.InvariantCulture, out var id) ? id : 0;

    // Schema, name and owner stand there without quotes, and each may hold blanks: what is known to exist decides.
    static (string Schema, string Table)? Named(string entry, HashSet<(string Schema, string Table)> known)
    {
        var blanks = Enumerable.Range(1, entry.Length - 1).Where(place => entry[place] == ' ').ToList();
        foreach (var end in Enumerable.Reverse(blanks))
        {
            foreach (var middle in blanks.TakeWhile(place => place < end))
            {
                if ((entry[..middle], entry[(middle + 1)..end]) is var table && known.Contains(table))
                {
                    return table;
                }
            }
        }

        return blanks.Count > 1 ? (entry[..blanks[0]], entry[(blanks[0] + 1)..blanks[^1]]) : null;
    }

    /// <summary>Reads the table of contents.</summary>
    /// <exception cref="MigrationException">BackupInvalid: pg_restore cannot read it; VersionUnsupported: it is too new for this pg_restore.</exception>
    public static async Task<ArchiveContents> ReadAsync(
        ClientProgram pgRestore, ResolvedDatabase database, string path, CancellationToken cancellationToken)
    {
        var text = await OutputAsync(pgRestore, database, path, ["--list", path], cancellationToken);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var version = lines.Select(line => VersionPattern().Match(line)).FirstOrDefault(match => match.Success);
        return new(
            version is null ? 0 : int.Parse(version.Groups["major"].Value, CultureInfo.InvariantCulture),
            [.. lines.Where(line => !line.StartsWith(';'))]);
    }

    /// <summary>The statements that it would run, without the rows.</summary>
    /// <exception cref="MigrationException">BackupInvalid.</exception>
    public static Task<string> SchemaAsync(
        ClientProgram pgRestore, ResolvedDatabase database, string path, IEnumerable<string> options, CancellationToken cancellationToken) =>
        OutputAsync(pgRestore, database, path, ["--schema-only", .. options, "--file=-", path], cancellationToken);

    static async Task<string> OutputAsync(
        ClientProgram pgRestore, ResolvedDatabase database, string path, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var text = string.Empty;
        var run = new ClientRun(pgRestore, database)
        {
            Output = async (stream, token) =>
            {
                using var reader = new StreamReader(stream, Encoding.UTF8);
                text = await reader.ReadToEndAsync(token);
            },
        };
        var end = await run.RunAsync(arguments, cancellationToken);
        if (end.Succeeded)
        {
            return text;
        }

        var tooNew = end.Complaints.Any(line => line.Contains("unsupported version", StringComparison.Ordinal));
        var advice = tooNew ? "Use the client programs of the version that wrote it (-PgBinPath)." : "Take another copy of it, or another backup.";
        throw new MigrationException(
            tooNew ? MigrationErrorCode.VersionUnsupported : MigrationErrorCode.BackupInvalid,
            $"pg_restore {pgRestore.Version} cannot read '{path}'. {end.Said}",
            advice)
        {
            Target = path,
        };
    }

    [GeneratedRegex(@"^;\s+Dumped from database version: (?<major>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionPattern();

    [GeneratedRegex(@"^(?<id>\d+); \d+ \d+ TABLE DATA (?<of>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DataPattern();
}
