namespace VividShift.Migrations.History;

/// <summary>What the history table held when it was read, ordered by version.</summary>
/// <param name="Table">Its name, qualified with its schema, quoted where needed; the one that would be made when there is none.</param>
/// <param name="Exists">False when there is no table yet: nothing was ever applied.</param>
/// <param name="Rows">The rows.</param>
public sealed record MigrationHistory(string Table, bool Exists, IReadOnlyList<AppliedMigration> Rows)
{
    /// <summary>The newest version in it; null when it is empty.</summary>
    public long? Newest => Rows.Count == 0 ? null : Rows[^1].Version;
}
