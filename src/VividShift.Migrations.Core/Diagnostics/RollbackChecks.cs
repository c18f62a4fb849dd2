using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.Diagnostics;

/// <summary>Whether a migration can be rolled back.</summary>
public static class RollbackChecks
{
    /// <summary>Migrations without a down script: a note, or an error when going back is what is asked about.</summary>
    public static IEnumerable<Finding> Of(MigrationCatalog catalog, bool rollback) =>
        from migration in catalog.Migrations
        where migration.Up is not null && migration.Down is null
        select new Finding(
            "DownScriptMissing",
            rollback ? FindingSeverity.Error : FindingSeverity.Information,
            FormattableString.Invariant($"Migration {migration} has no down script."))
        {
            Version = migration.Version,
            Path = migration.Up!.Path,
            RecommendedAction = "Write one, or accept that only a backup brings back what was.",
            RefusedAs = rollback ? MigrationErrorCode.Irreversible : null,
        };
}
