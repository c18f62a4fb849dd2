using System.Diagnostics;
using Npgsql;
using VividShift.Migrations.Backups;
using VividShift.Migrations.Engine.Backups;
using VividShift.Migrations.Engine.ClientPrograms;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Restoring;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Restoring;

/// <summary>What a restored database holds.</summary>
/// <param name="Tables">How many tables.</param>
/// <param name="Rows">How many rows, when they were compared with the manifest; null when there was none.</param>
/// <param name="MigrationVersion">The newest applied version.</param>
/// <param name="Duration">How long looking took.</param>
sealed record RestoredContent(int Tables, long? Rows, long? MigrationVersion, TimeSpan Duration);

/// <summary>
/// Compares a restored database with what the manifest says was dumped, and meanwhile has the server gather statistics: without them the first
/// queries after the swap would be planned blindly.
/// </summary>
sealed class RestoredCheck(
    ResolvedDatabase database, ClientTools tools, RestoreRequest request, RestoreSource source, IMigrationObserver observer)
{
    readonly TableChoice _tables = new(request.Tables);

    /// <summary>Compares, analyses, and tells what is there.</summary>
    /// <exception cref="MigrationException">RestoreFailed: something differs.</exception>
    public async Task<RestoredContent> RunAsync(string activity, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        observer.Report(new WorkAdvanced(activity, "Comparing counts and hashes, gathering statistics", 99));
        await using var session = await Session.OpenAsync(database, SessionPurpose.Write, observer, cancellationToken);
        var catalogue = await FingerprintCatalogue.ReadAsync(session, cancellationToken);
        var version = await VersionAsync(session, cancellationToken);
        var analyzing = AnalyzeAsync(session, cancellationToken);
        long? rows = null;
        try
        {
            if (source.Backup is { } backup)
            {
                rows = await CompareAsync(catalogue, backup, cancellationToken);
            }
        }
        finally
        {
            await analyzing;
        }

        var tables = catalogue.Tables.Count(table => _tables.Has(table.Schema, table.Table));
        return new(tables, rows, version, watch.Elapsed);
    }

    async Task<long> CompareAsync(FingerprintCatalogue catalogue, DatabaseBackup backup, CancellationToken cancellationToken)
    {
        var wanted = backup.Manifest.Fingerprints.Where(table => _tables.Has(table.Schema, table.Table)).ToList();
        var differences = _tables.IsAll
            ? (await new RestoredComparison(backup, tools, observer).CompareAsync(database, RestoreTools.Jobs(request), cancellationToken))
                .Select(finding => finding.Message).ToList()
            : await DifferencesAsync(catalogue, wanted, cancellationToken);
        if (differences.Count > 0)
        {
            throw new MigrationException(
                MigrationErrorCode.RestoreFailed,
                FormattableString.Invariant($"What was restored is not what was backed up, in {differences.Count} point(s): {string.Join(" ", differences.Take(10))}"));
        }

        return wanted.Sum(table => table.Rows);
    }

    /// <summary>Of chosen tables the rows alone: foreign keys were left out, so the definitions cannot be the same.</summary>
    async Task<List<string>> DifferencesAsync(
        FingerprintCatalogue catalogue, IReadOnlyList<TableFingerprint> wanted, CancellationToken cancellationToken)
    {
        var found = await new TableFingerprints(database, observer).ComputeAsync(
            [.. catalogue.Tables.Where(table => _tables.Has(table.Schema, table.Table))], null, RestoreTools.Jobs(request), cancellationToken);
        return [.. wanted.Except(found).Select(table => $"{table.Schema}.{table.Table} has other rows.")];
    }

    static async Task AnalyzeAsync(Session session, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("ANALYZE", session.Connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    async Task<long?> VersionAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            var table = await HistoryTable.LocateAsync(session, database.Project.HistoryTable, cancellationToken);
            var history = await table.ReadAsync(session, cancellationToken);
            return history.Rows.Where(row => row.Success).Select(row => (long?)row.Version).Max();
        }
        catch (MigrationException e) when (e.Code == MigrationErrorCode.HistoryInvalid)
        {
            // Not ours to judge: the dump has it so.
            observer.Report(new CautionRaised(e.Message));
            return null;
        }
    }
}
