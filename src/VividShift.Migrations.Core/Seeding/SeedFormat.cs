namespace VividShift.Migrations.Seeding;

/// <summary>What a seed file holds.</summary>
public enum SeedFormat
{
    /// <summary>Statements, run as one transaction.</summary>
    Sql,

    /// <summary>Rows of one table as CSV with a header; made for bulk.</summary>
    Csv,

    /// <summary>Rows of one table as JSON objects.</summary>
    Json,
}
