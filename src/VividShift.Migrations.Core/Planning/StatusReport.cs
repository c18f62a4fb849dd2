using VividShift.Migrations.Catalog;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Diagnostics.Rules;
using VividShift.Migrations.History;

namespace VividShift.Migrations.Planning;

/// <summary>Files joined with history: the flow cut before anything is planned.</summary>
public static class StatusReport
{
    /// <summary>One status a version, ascending.</summary>
    public static IReadOnlyList<MigrationStatus> Of(MigrationCatalog catalog, MigrationHistory history, DatabaseTarget database)
    {
        var ofFiles = catalog.Findings.Where(f => f.Version is not null).ToLookup(f => f.Version!.Value);
        return [.. HistoryRules.Judge(catalog, history).Select(judged => Of(judged, ofFiles[judged.Version], database))];
    }

    static MigrationStatus Of(JudgedMigration judged, IEnumerable<Finding> ofFiles, DatabaseTarget database)
    {
        var (migration, row) = (judged.Migration, judged.Row);
        return new()
        {
            Version = judged.Version,
            Description = migration?.Description ?? row!.Description,
            State = judged.State,
            AppliedAt = row?.InstalledOn,
            Duration = row is null or { ExecutionTime: < 0 } ? null : TimeSpan.FromTicks(row.ExecutionTime / 100),
            Reversible = migration?.Reversible ?? false,
            Transactional = migration?.Up is { } up ? MigrationScript.IsTransactional(up) : null,
            Checksum = (migration?.Up?.Checksum ?? row?.Checksum ?? default).ToString(),
            Path = migration?.Up?.Path,
            DownPath = migration?.Down?.Path,
            Findings = judged.Finding is null ? [.. ofFiles] : [.. ofFiles, judged.Finding],
            Database = database,
        };
    }
}
