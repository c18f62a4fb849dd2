using VividShift.Migrations.Catalog;
using VividShift.Migrations.History;

namespace VividShift.Migrations.Repair;

/// <summary>What <c>sqlx migrate run</c> would make of files and history (sqlx-cli/src/migrate.rs), in its own words where it would stop.</summary>
/// <param name="Stops">True when it would refuse to go on.</param>
/// <param name="Text">What it would say or do.</param>
public sealed record SqlxCompatibilityResult(bool Stops, string Text)
{
    /// <summary>Judges in sqlx's order: unfinished rows, rows without a file, changed files, pending files.</summary>
    public static SqlxCompatibilityResult Of(MigrationCatalog catalog, IReadOnlyList<AppliedMigration> rows)
    {
        if (rows.FirstOrDefault(r => !r.Success) is { } dirty)
        {
            return new(true, FormattableString.Invariant(
                $"migration {dirty.Version} is partially applied; fix and remove row from `_sqlx_migrations` table"));
        }

        // A down script alone makes a version present.
        if (rows.FirstOrDefault(r => catalog.Find(r.Version) is null) is { } missing)
        {
            return new(true, FormattableString.Invariant(
                $"migration {missing.Version} was previously applied but is missing in the resolved migrations"));
        }

        var modified = rows.FirstOrDefault(r => catalog.Find(r.Version)?.Up is { } up && up.Checksum != r.Checksum);
        if (modified is not null)
        {
            return new(true, FormattableString.Invariant($"migration {modified.Version} was previously applied but has been modified"));
        }

        var applied = rows.Select(r => r.Version).ToHashSet();
        var pending = catalog.Migrations.Where(m => m.Up is not null && !applied.Contains(m.Version)).Select(m => m.Version).ToList();
        return new(false, pending.Count == 0
            ? "it would find nothing to do"
            : FormattableString.Invariant($"it would apply {pending.Count} pending migration(s), beginning with {pending[0]}"));
    }

    /// <inheritdoc/>
    public override string ToString() => Stops ? $"sqlx would stop: {Text}" : $"sqlx would go on: {Text}";
}
