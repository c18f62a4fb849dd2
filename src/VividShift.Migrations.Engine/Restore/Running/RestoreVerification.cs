using System.Diagnostics;
using VividShift.Migrations.Engine.Backup.Archive;
using VividShift.Migrations.Engine.Backup.Verification;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Engine.PgTools;
using VividShift.Migrations.Engine.Restore.Planning;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Restore.Running;

/// <summary>What a restored database holds.</summary>
/// <param name="Tables">How many tables.</param>
/// <param name="Rows">How many rows, when they were compared with the manifest; null when there was none.</param>
/// <param name="MigrationVersion">The newest applied version.</param>
/// <param name="Duration">How long looking took, once everything was there.</param>
sealed record RestoredContent(int Tables, long? Rows, long? MigrationVersion, TimeSpan Duration);

/// <summary>
/// Compares a restored database with what the manifest says was dumped, and meanwhile has the server gather statistics: without them the first
/// queries after the swap would be planned blindly.
/// </summary>
/// <param name="database">The restored database.</param>
/// <param name="tools">pg_dump and pg_restore.</param>
/// <param name="plan">What was agreed to.</param>
/// <param name="source">What was restored.</param>
/// <param name="early">What was looked at while it was being filled.</param>
/// <param name="observer">Is told what is going on.</param>
sealed class RestoreVerification(
    ResolvedDatabase database, ClientTools tools, RestorePlan plan, RestoreSource source, IncrementalVerifier early, IMigrationObserver observer)
{
    readonly ArchiveTables _tables = new(plan.Request.Tables);

    /// <summary>Compares, analyses, and tells what is there.</summary>
    /// <exception cref="MigrationException">RestoreFailed: something differs.</exception>
    public async Task<RestoredContent> RunAsync(string activity, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        observer.Report(new ProgressChanged(activity, "Comparing with the backup, gathering statistics", 99));
        await using var session = await Session.OpenAsync(database, SessionPurpose.Write, observer, cancellationToken);
        var catalogue = await FingerprintCatalogue.ReadAsync(session, cancellationToken);
        var version = await VersionAsync(session, cancellationToken);
        long? rows = null;
        await Parallel.ForEachAsync<Func<CancellationToken, Task>>(
            [
                token => new Statistics(database, early, observer).GatherAsync(RestoreTools.Jobs(plan.Request), token),
                async token => rows = await CompareAsync(session.ServerVersion.Major, token),
            ],
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
            static async (work, token) => await work(token));
        var tables = catalogue.Tables.Count(table => _tables.Has(table.Schema, table.Table));
        return new(tables, rows, version, watch.Elapsed);
    }

    async Task<long?> CompareAsync(int serverMajor, CancellationToken cancellationToken)
    {
        if (source.Backup?.Manifest is not { } manifest)
        {
            return null;
        }

        var comparison = new ManifestComparer(manifest, source.Archive, tools, observer)
        {
            ServerMajor = serverMajor,
            Tables = _tables,
            Early = early,
        };
        var differences = await comparison.CompareAsync(database, RestoreTools.Jobs(plan.Request), cancellationToken);
        if (differences.Count > 0)
        {
            var points = string.Join(" ", differences.Take(10).Select(finding => finding.Message));
            throw new MigrationException(
                MigrationErrorCode.RestoreFailed,
                FormattableString.Invariant($"What was restored is not what was backed up, in {differences.Count} point(s): {points}"))
            {
                DatabaseState = null,
                Findings = differences,
            };
        }

        return manifest.Fingerprints.Where(table => _tables.Has(table.Schema, table.Table)).Sum(table => table.Rows);
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
            observer.Report(new WarningRaised(e.What));
            return null;
        }
    }
}
