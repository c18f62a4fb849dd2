using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.Safety;

/// <summary>Whether the way back is there.</summary>
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
            Advice = "Write one, or know that the way back is a backup.",
            RefusedAs = rollback ? MigrationErrorCode.Irreversible : null,
        };
}
