namespace VividShift.Migrations.Seeding;

/// <summary>A file of a seed folder.</summary>
/// <param name="Name">What it is called in results and in the record: <c>common/010_users.csv</c>.</param>
/// <param name="Path">Where it is, absolute.</param>
/// <param name="Format">What it holds.</param>
/// <param name="Table">The table by its name, <c>users</c> or <c>app.users</c>; for SQL only a description.</param>
public sealed record SeedFile(string Name, string Path, SeedFormat Format, string Table)
{
    /// <summary>The file beside it that says table and key for a CSV file, <c>010_users.seed.json</c>; it need not exist.</summary>
    public string SidecarPath => System.IO.Path.ChangeExtension(Path, SeedCatalog.SidecarSuffix);

    /// <summary>
    /// True when one of the patterns (<c>*</c> and <c>?</c>) matches the name, the file's name with or without extension, or the table.
    /// </summary>
    public bool IsNamed(IEnumerable<string> patterns)
    {
        var file = System.IO.Path.GetFileName(Path);
        string[] names = [Name, file, System.IO.Path.GetFileNameWithoutExtension(file), Table];
        return patterns.Any(pattern => names.Any(name => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name)));
    }
}

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
