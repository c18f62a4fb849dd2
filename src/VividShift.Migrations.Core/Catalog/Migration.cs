namespace VividShift.Migrations.Catalog;

/// <summary>A version with its files.</summary>
/// <param name="Version">The version.</param>
/// <param name="Up">The file that applies it; null when only a down script is there, which is a finding.</param>
/// <param name="Down">The file that reverts it; null when there is none.</param>
public sealed record Migration(long Version, MigrationFile? Up, MigrationFile? Down)
{
    /// <summary>The description, from the up file if there is one.</summary>
    public string Description => (Up ?? Down)!.Description;

    /// <summary>True when it can be undone by a script.</summary>
    public bool Reversible => Down is not null;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Version} {Description}");
}
