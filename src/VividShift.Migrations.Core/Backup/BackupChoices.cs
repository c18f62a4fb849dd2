namespace VividShift.Migrations.Backup;

/// <summary>How pg_dump writes.</summary>
public enum BackupFormat
{
    /// <summary>A folder with a file for each table, written and read by several jobs at a time.</summary>
    Directory,

    /// <summary>One file, written by one job.</summary>
    Custom,
}

/// <summary>What a backup holds.</summary>
public enum BackupContent
{
    /// <summary>Definitions and rows of everything.</summary>
    All,

    /// <summary>Definitions of everything and no rows.</summary>
    SchemaOnly,

    /// <summary>Rows of every table and no definitions.</summary>
    DataOnly,

    /// <summary>Definitions and rows of the tables that were named.</summary>
    Tables,
}
