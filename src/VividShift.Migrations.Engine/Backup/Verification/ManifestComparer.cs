using VividShift.Migrations.Backup;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Backup.Archive;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.PgTools;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Backup.Verification;

/// <summary>Sets a database that was restored from a backup against the manifest and the archive: rows, hashes, sequences, definitions.</summary>
/// <param name="manifest">What was backed up.</param>
/// <param name="archive">The definitions of it.</param>
/// <param name="tools">pg_dump and pg_restore.</param>
/// <param name="observer">Is told what is being compared.</param>
sealed class ManifestComparer(BackupManifest manifest, string archive, ClientTools tools, IMigrationObserver observer)
{
    const int Told = 10;

    /// <summary>Whose rows were restored; when not all, the definitions cannot be the same and are not compared.</summary>
    public ArchiveTables Tables { get; init; } = new([]);

    /// <summary>The major of the server that was restored to.</summary>
    public required int ServerMajor { get; init; }

    /// <summary>What looked at the tables while the database was being filled. Where it only counted, the rest is only counted, too.</summary>
    public required IncrementalVerifier Early { get; init; }

    bool CountsOnly => Early.Comparison == RestoreComparison.Counts;

    /// <summary>
    /// False when server or pg_dump are of another major than those that wrote the backup. Each writes the same definition in its own way
    /// (PostgreSQL 16 leaves table names out of a view's columns, for one), so then only which ones there are can be compared.
    /// </summary>
    /// <param name="manifest">What was backed up.</param>
    /// <param name="serverMajor">The major of the server that is restored to.</param>
    /// <param name="tools">Has pg_dump.</param>
    public static bool ComparesTexts(BackupManifest manifest, int serverMajor, ClientTools tools) =>
        manifest.ServerMajor == serverMajor && ClientProgram.MajorOf(manifest.ToolVersion) == tools["pg_dump"].Major;

    /// <summary>What differs; nothing when the database is what was backed up.</summary>
    /// <param name="restored">The database.</param>
    /// <param name="sessions">How many sessions may hash.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyList<Finding>> CompareAsync(ResolvedDatabase restored, int sessions, CancellationToken cancellationToken)
    {
        IReadOnlyList<Finding> rows = [];
        IReadOnlyList<Finding> definitions = [];
        var whole = Tables.IsAll && manifest.Content is BackupContent.All or BackupContent.SchemaOnly;
        await Parallel.ForEachAsync<Func<CancellationToken, Task>>(
            [
                async token => rows = await RowsAsync(restored, sessions, token),
                async token => definitions = whole ? await DefinitionsAsync(restored, token) : [],
            ],
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
            static async (work, token) => await work(token));
        return [.. rows, .. definitions];
    }

    async Task<IReadOnlyList<Finding>> RowsAsync(ResolvedDatabase restored, int sessions, CancellationToken cancellationToken)
    {
        if (manifest.FingerprintMethod != ColumnHash.Method && !CountsOnly)
        {
            return [Of("HashUnknown", $"The tables were hashed by the method '{manifest.FingerprintMethod}', which this version of the module does not know.")];
        }

        observer.Report(new ProgressChanged($"Comparing {restored.Target}", FormattableString.Invariant($"{manifest.Fingerprints.Count} tables"), -1));
        await using var session = await Session.OpenAsync(restored, SessionPurpose.ReadOnly, observer, cancellationToken);
        var wanted = manifest.Fingerprints
            .Where(table => Tables.Has(table.Schema, table.Table))
            .Select(table => CountsOnly ? table with { Hash = FingerprintTable.NoHash } : table)
            .ToDictionary(table => (table.Schema, table.Table));
        var catalogue = await FingerprintCatalogue.ReadAsync(session, cancellationToken);
        await Early.FinishAsync(cancellationToken);
        // One that differs is hashed again: rows may have come to it by another table's door, as those of partitions can.
        var same = wanted.Values.Where(table => Early.Found.GetValueOrDefault((table.Schema, table.Table)) == table).ToHashSet();
        var rest = catalogue.Tables
            .Where(table => wanted.TryGetValue((table.Schema, table.Table), out var known) && !same.Contains(known))
            .Select(table => CountsOnly ? table.Counted() : table)
            .ToList();
        var found = await new TableFingerprints(restored, observer).ComputeAsync(rest, snapshot: null, sessions, cancellationToken);
        var sequences = Tables.IsAll ? Sequences(manifest.Sequences, await SequenceStates.ReadAsync(session, cancellationToken)) : [];
        return [.. Rows(wanted.Values.Where(table => !same.Contains(table)), found), .. sequences];
    }

    static IEnumerable<Finding> Rows(IEnumerable<TableFingerprint> wanted, IReadOnlyList<TableFingerprint> found)
    {
        var restored = found.ToDictionary(table => (table.Schema, table.Table));
        foreach (var table in wanted)
        {
            var name = $"{table.Schema}.{table.Table}";
            if (!restored.TryGetValue((table.Schema, table.Table), out var now))
            {
                yield return Of("TableMissing", $"{name} is not in the restored database.", name);
            }
            else if (now.Rows != table.Rows)
            {
                yield return Of(
                    "RowsDiffer", FormattableString.Invariant($"{name} had {table.Rows} row(s) and has {now.Rows} when restored."), name);
            }
            else if (now.Hash != table.Hash)
            {
                yield return Of("HashDiffers", FormattableString.Invariant($"{name} has as many rows as before ({now.Rows}) and other content."), name);
            }
        }
    }

    // Not equal: what stands outside the snapshot may have gone on between our look and pg_dump's.
    static IEnumerable<Finding> Sequences(IReadOnlyList<SequenceState> wanted, IReadOnlyList<SequenceState> found)
    {
        var restored = found.ToDictionary(sequence => (sequence.Schema, sequence.Sequence));
        foreach (var sequence in wanted)
        {
            var name = $"{sequence.Schema}.{sequence.Sequence}";
            var now = restored.GetValueOrDefault((sequence.Schema, sequence.Sequence));
            if (now is null || now.LastValue.CompareTo(sequence.LastValue) * Math.Sign(sequence.Increment) < 0)
            {
                yield return Of(
                    "SequenceBehind",
                    FormattableString.Invariant(
                        $"The sequence {name} had come to {sequence.LastValue} and is at {(now is null ? "its start" : now.LastValue)} when restored."),
                    name);
            }
        }
    }

    async Task<IReadOnlyList<Finding>> DefinitionsAsync(ResolvedDatabase restored, CancellationToken cancellationToken)
    {
        var programs = new ArchiveDefinitions(tools);
        var (missing, unexpected) = ArchiveSchema.Compare(
            await programs.OfArchiveAsync(archive, restored, cancellationToken),
            await programs.OfDatabaseAsync(restored, cancellationToken),
            ComparesTexts(manifest, ServerMajor, tools));
        return
        [
            .. missing.Union(unexpected, StringComparer.Ordinal).Take(Told).Select(heading => Of(
                "SchemaDiffers", $"The definition of {heading} in the restored database is not the one in the backup.", heading)),
        ];
    }

    static Finding Of(string rule, string message, string? about = null) => new(rule, FindingSeverity.Error, message)
    {
        DatabaseObject = about,
        RecommendedAction = "Do not rely on this backup: take a new one with Backup-VsDatabase -Verify.",
    };
}
