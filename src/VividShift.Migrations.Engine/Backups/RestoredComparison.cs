using VividShift.Migrations.Backups;
using VividShift.Migrations.Engine.ClientPrograms;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Backups;

/// <summary>Sets a database that was restored from a backup against the manifest and the archive: rows, hashes, sequences, definitions.</summary>
internal sealed class RestoredComparison(DatabaseBackup backup, ClientTools tools, IMigrationObserver observer)
{
    const int Told = 10;

    /// <summary>What differs; nothing when the database is what was backed up.</summary>
    /// <param name="restored">The database.</param>
    /// <param name="sessions">How many sessions may hash.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyList<Finding>> CompareAsync(ResolvedDatabase restored, int sessions, CancellationToken cancellationToken)
    {
        var manifest = backup.Manifest;
        var findings = new List<Finding>();
        if (manifest.FingerprintMethod != ColumnHash.Method)
        {
            findings.Add(Of("HashUnknown", $"The tables were hashed by the method '{manifest.FingerprintMethod}', which this version of the module does not know."));
        }
        else
        {
            observer.Report(new WorkAdvanced($"Comparing {restored.Target}", FormattableString.Invariant($"{manifest.Fingerprints.Count} tables"), -1));
            await using var session = await Session.OpenAsync(restored, SessionPurpose.ReadOnly, observer, cancellationToken);
            var catalogue = await FingerprintCatalogue.ReadAsync(session, cancellationToken);
            var wanted = manifest.Fingerprints.ToDictionary(table => (table.Schema, table.Table));
            var present = catalogue.Tables.Where(table => wanted.ContainsKey((table.Schema, table.Table))).ToList();
            var found = await new TableFingerprints(restored, observer).ComputeAsync(present, snapshot: null, sessions, cancellationToken);
            findings.AddRange(Rows(wanted, found));
            findings.AddRange(Sequences(manifest.Sequences, await SequenceStates.ReadAsync(session, cancellationToken)));
        }

        if (manifest.Content is BackupContent.All or BackupContent.SchemaOnly)
        {
            findings.AddRange(await DefinitionsAsync(restored, cancellationToken));
        }

        return findings;
    }

    static IEnumerable<Finding> Rows(
        Dictionary<(string Schema, string Table), TableFingerprint> wanted, IReadOnlyList<TableFingerprint> found)
    {
        var restored = found.ToDictionary(table => (table.Schema, table.Table));
        foreach (var table in wanted.Values)
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
                    FormattableString.Invariant($"The sequence {name} had come to {sequence.LastValue} and is at {(now is null ? "its start" : now.LastValue)} when restored."),
                    name);
            }
        }
    }

    async Task<IEnumerable<Finding>> DefinitionsAsync(ResolvedDatabase restored, CancellationToken cancellationToken)
    {
        var programs = new ArchiveRestore(tools, observer);
        var (missing, unexpected) = ArchiveSchema.Compare(
            await programs.DefinitionsAsync(backup, restored, cancellationToken), await programs.DefinitionsAsync(restored, cancellationToken));
        return missing.Union(unexpected, StringComparer.Ordinal).Take(Told).Select(heading => Of(
            "SchemaDiffers", $"The definition of {heading} in the restored database is not the one in the backup.", heading));
    }

    static Finding Of(string rule, string message, string? about = null) => new(rule, FindingSeverity.Error, message)
    {
        DatabaseObject = about,
        Advice = "Do not rely on this backup: take a new one with Backup-VsDatabase -Verify.",
    };
}
