namespace VividShift.Migrations.Engine.Seeding;

/// <summary>What became of the rows of a file.</summary>
sealed record SeedCounts(string Table, long Inserted, long Updated, long Unchanged);
