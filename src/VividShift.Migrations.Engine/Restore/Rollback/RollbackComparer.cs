using Npgsql;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Backup.Verification;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Restore;

namespace VividShift.Migrations.Engine.Restore.Rollback;

/// <summary>
/// Sets down scripts against a restore. Tables that are small are counted and hashed, so what is said of them is exact; of big ones the
/// server's estimate is told, and as one. Writes nothing.
/// </summary>
sealed class RollbackComparer(ResolvedDatabase database, MigrationPlan plan, IMigrationObserver observer)
{
    const long BytesToCount = 64 << 20;

    const string EstimatesSql = """
        SELECT n.nspname::text, c.relname::text, COALESCE(s.n_live_tup, GREATEST(c.reltuples, 0)::bigint)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
        WHERE c.relkind = 'r'
        """;

    readonly Dictionary<(string Schema, string Table), (long Rows, string? Hash)> _now = [];

    /// <summary>Compares.</summary>
    /// <param name="known">The backups there are.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    public async Task<RollbackComparison> CompareAsync(IReadOnlyList<DatabaseBackup> known, CancellationToken cancellationToken)
    {
        var undone = plan.Steps.Select(step => step.Version).ToHashSet();
        var backup = Suitable(known, undone);
        await ReadTablesAsync(cancellationToken);
        return new()
        {
            Database = plan.Database,
            Steps = plan.Steps,
            RollbackDataLosses = [.. RollbackDataLosses.In(plan.Steps).Select(Loss)],
            AppliedIn = AppliedIn(undone),
            Backup = backup,
            AlsoUndone = backup is null ? [] : [.. Applied.Where(version => !undone.Contains(version)).Except(VersionsOf(backup))],
            RestoreLosses = backup is null ? [] : [.. Losses(backup.Manifest)],
            RestoredIn = backup?.Verification is { Passed: true } trial ? trial.Duration : null,
        };
    }

    IEnumerable<long> Applied => plan.Context.History.Rows.Where(row => row.Success).Select(row => row.Version);

    DatabaseBackup? Suitable(IReadOnlyList<DatabaseBackup> known, HashSet<long> undone) => known
        .Where(backup => backup.Database.Database == plan.Database.Database && backup.Content == BackupContent.All && !VersionsOf(backup).Any(undone.Contains))
        .MaxBy(backup => backup.TakenAt);

    static IEnumerable<long> VersionsOf(DatabaseBackup backup) => backup.Manifest.History.Rows.Select(row => row.Version);

    TimeSpan? AppliedIn(HashSet<long> undone)
    {
        var times = plan.Context.History.Rows.Where(row => undone.Contains(row.Version)).Select(row => row.ExecutionTime).ToList();
        return times.Count == 0 || times.Exists(time => time < 0) ? null : TimeSpan.FromMicroseconds(times.Sum() / 1000.0);
    }

    async Task ReadTablesAsync(CancellationToken cancellationToken)
    {
        await using var session = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, cancellationToken);
        var catalogue = await FingerprintCatalogue.ReadAsync(session, cancellationToken);
        await using (var command = new NpgsqlCommand(EstimatesSql, session.Connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            var listed = catalogue.Tables.Select(table => (table.Schema, table.Table)).ToHashSet();
            while (await reader.ReadAsync(cancellationToken))
            {
                if (listed.Contains((reader.GetString(0), reader.GetString(1))))
                {
                    _now[(reader.GetString(0), reader.GetString(1))] = (reader.GetInt64(2), null);
                }
            }
        }

        var small = catalogue.Tables.Where(table => table.Size <= BytesToCount && !catalogue.Protected.Contains(table.QualifiedName)).ToList();
        foreach (var counted in await new TableFingerprints(database, observer).ComputeAsync(small, null, sessions: 1, cancellationToken))
        {
            _now[(counted.Schema, counted.Table)] = (counted.Rows, counted.Hash);
        }
    }

    RollbackDataLoss Loss(RollbackDataLosses.Found found)
    {
        var table = _now.Keys.Where(key => $"{key.Schema}.{key.Table}" == found.Table || key.Table == found.Table).Order().ToList();
        return table.Count == 0
            ? new(found.Version, found.What, found.Object, null, Exact: true)
            : new(found.Version, found.What, found.Object, _now[table[0]].Rows, _now[table[0]].Hash is not null);
    }

    IEnumerable<RestoreLoss> Losses(BackupManifest manifest)
    {
        var then = manifest.Fingerprints.ToDictionary(table => (table.Schema, table.Table));
        foreach (var key in then.Keys.Union(_now.Keys).Order())
        {
            var before = then.GetValueOrDefault(key);
            (long Rows, string? Hash)? now = _now.TryGetValue(key, out var found) ? found : null;
            var same = now is { Hash: { } hash } && before?.Hash == hash && before.Rows == now.Value.Rows;
            // The history changes with the restore, which is the point of it.
            if (!same && !IsHistory(key))
            {
                yield return new(key.Schema, key.Table, before?.Rows, now?.Rows, now is null or { Hash: not null });
            }
        }
    }

    bool IsHistory((string Schema, string Table) key) =>
        plan.Context.History.Table.Replace("\"", string.Empty, StringComparison.Ordinal) == $"{key.Schema}.{key.Table}";
}
