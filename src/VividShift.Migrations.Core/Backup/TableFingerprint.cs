namespace VividShift.Migrations.Backup;

/// <summary>What a table held, in two figures that do not depend on the order of its rows.</summary>
/// <param name="Schema">Its schema, not quoted.</param>
/// <param name="Table">Its name, not quoted. A partition stands for itself, its parent does not appear.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Hash">The sum of the rows' 64-bit hashes, a decimal number; 0 when there is none.</param>
public sealed record TableFingerprint(string Schema, string Table, long Rows, string Hash);
