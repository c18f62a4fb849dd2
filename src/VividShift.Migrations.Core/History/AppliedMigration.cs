using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.History;

/// <summary>A row of sqlx's history table.</summary>
/// <param name="Version">Primary key.</param>
/// <param name="Description">As derived from the file name when it was applied.</param>
/// <param name="InstalledOn">Start of the migration's transaction, by the server's clock.</param>
/// <param name="Success">False when a run outside a transaction has not finished.</param>
/// <param name="Checksum">SHA-384 of the file as it was applied.</param>
/// <param name="ExecutionTime">Nanoseconds; -1 when it was never learnt.</param>
public sealed record AppliedMigration(
    long Version, string Description, DateTimeOffset InstalledOn, bool Success, Checksum Checksum, long ExecutionTime);
