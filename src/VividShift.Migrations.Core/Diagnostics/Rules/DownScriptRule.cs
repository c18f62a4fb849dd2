using VividShift.Migrations.Catalog;
using VividShift.Migrations.History;

namespace VividShift.Migrations.Diagnostics.Rules;

/// <summary>Migrations without a down script: a note, or an error when going back is what is asked about.</summary>
public sealed class DownScriptRule : IMigrationRule
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Check(RuleContext context) =>
        from migration in context.Catalog.Migrations
        where migration.Up is not null && migration.Down is null
        let finding = Missing(migration.Version, migration.Description, migration.Up)
        select context.Rollback ? finding : finding with { Severity = FindingSeverity.Information, RefusedAs = null };

    /// <summary>The finding about an applied migration that cannot be undone; it is never passed over to undo an older one.</summary>
    public static Finding Missing(Migration? migration, AppliedMigration row) => Missing(row.Version, row.Description, migration?.Up);

    static Finding Missing(long version, string description, MigrationFile? up) =>
        new(
            "DownScriptMissing",
            FindingSeverity.Error,
            FormattableString.Invariant($"Migration {version} ({description}) has no down script."))
        {
            Version = version,
            Location = up is null ? null : new(up.Path),
            RecommendedAction = FormattableString.Invariant(
                $"Write it ({NameOf(version, description, up)}), stop an undo before it with -Target {version}, ")
                + "or accept that only a backup brings back what was.",
            RefusedAs = MigrationErrorCode.Irreversible,
        };

    static string NameOf(long version, string description, MigrationFile? up) => up is null
        ? FormattableString.Invariant($"{version}_{description.Replace(' ', '_')}.down.sql")
        : up.FileName[..^(up.Kind == MigrationKind.Up ? ".up.sql" : ".sql").Length] + ".down.sql";
}
