namespace VividShift.Migrations.History;

/// <summary>How a migration's file and its row in history relate.</summary>
public enum MigrationState
{
    /// <summary>A file without a row, newer than everything applied.</summary>
    Pending,

    /// <summary>A row and an unchanged file.</summary>
    Applied,

    /// <summary>A row and a file that is no longer what was applied.</summary>
    Modified,

    /// <summary>A row without a file.</summary>
    Missing,

    /// <summary>A file without a row, older than the newest applied version.</summary>
    OutOfOrder,

    /// <summary>A row with <c>success = false</c>: it stopped half-way, outside a transaction.</summary>
    Failed,
}
