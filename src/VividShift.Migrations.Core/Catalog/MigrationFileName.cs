namespace VividShift.Migrations.Catalog;

/// <summary>What a file name says.</summary>
/// <param name="FileName">The name without folder.</param>
/// <param name="Version">The version.</param>
/// <param name="Kind">The part the file plays.</param>
/// <param name="Description">The rest, underscores as spaces.</param>
/// <param name="SqlxVersion">The version that sqlx reads from it; differs for <c>YYYYMMDD_HHMMSS_name.sql</c>.</param>
public sealed record MigrationFileName(string FileName, long Version, MigrationKind Kind, string Description, long SqlxVersion);
