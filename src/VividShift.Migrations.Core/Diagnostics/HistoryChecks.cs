using VividShift.Migrations.Catalog;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Diagnostics;

/// <summary>What can be said of files against history.</summary>
public static class HistoryChecks
{
    /// <summary>Findings about versions whose file and row do not go together.</summary>
    public static IEnumerable<Finding> Of(MigrationCatalog catalog, MigrationHistory history)
    {
        foreach (var row in history.Rows)
        {
            var migration = catalog.Find(row.Version);
            var name = FormattableString.Invariant($"Migration {row.Version} ({row.Description})");
            if (!row.Success)
            {
                yield return Error("UnfinishedMigration", row.Version, migration?.Up?.Path, MigrationErrorCode.DirtyMigration,
                    $"{name} stopped half-way, outside a transaction.", migration?.Up is null
                        ? HistoryAdvice.FailedAndMissing
                        : HistoryAdvice.Failed);
            }
            else if (migration?.Up is not { } up)
            {
                yield return Error("FileMissing", row.Version, null, MigrationErrorCode.MigrationMissing,
                    $"{name} was applied, and its file is gone.", HistoryAdvice.Missing);
            }
            else if (up.Checksum != row.Checksum)
            {
                yield return Error("ChecksumMismatch", row.Version, up.Path, MigrationErrorCode.ChecksumMismatch,
                    $"{name} was applied and is no longer the same: {StatusReport.ModifiedText(up, row)}",
                    HistoryAdvice.Modified(up, row));
            }
        }

        var applied = history.Rows.Select(r => r.Version).ToHashSet();
        foreach (var late in catalog.Migrations.Where(m => m.Up is not null && m.Version < history.Newest && !applied.Contains(m.Version)))
        {
            yield return Error("OutOfOrder", late.Version, late.Up!.Path, MigrationErrorCode.OutOfOrder,
                FormattableString.Invariant($"Migration {late} is pending and older than {history.Newest}, the newest applied version."),
                "Give it a newer version if nobody has applied it yet, or apply it late with -AllowOutOfOrder.");
        }
    }

    static Finding Error(string rule, long version, string? path, MigrationErrorCode code, string message, string advice) =>
        new(rule, FindingSeverity.Error, message) { Version = version, Path = path, RecommendedAction = advice, RefusedAs = code };
}
