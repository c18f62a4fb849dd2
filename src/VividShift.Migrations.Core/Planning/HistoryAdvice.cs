using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.Planning;

/// <summary>What to do about a row that does not go with its file: the same words in plans and in findings.</summary>
static class HistoryAdvice
{
    /// <summary>The row's file is gone.</summary>
    public const string Missing = "Bring the file back, go on without it with -IgnoreMissing, or forget the migration with Repair-VsMigration -Missing.";

    /// <summary>The row is unfinished and has no file.</summary>
    public const string FailedAndMissing = "Bring its file back, or remove what it left and settle it with Repair-VsMigration -NotApplied.";

    /// <summary>The row is unfinished.</summary>
    public const string Failed =
        "Look at which of its statements took effect, undo those or make the script re-runnable (IF NOT EXISTS), " +
        "then run it again from its first statement with -Force; or settle it by hand with Repair-VsMigration -Applied or -NotApplied.";

    /// <summary>The file is no longer what was applied.</summary>
    public static string Modified(MigrationFile up, AppliedMigration row) => ChecksumDifference.Explain(up, row.Checksum) is null
        ? $"Bring back the file as it was applied ({up.Path}) and put the change into a new migration; an edit that changes nothing in a database is accepted by Repair-VsMigration -AcceptChange."
        : $"Bring back the file as it was applied ({up.Path}), or stamp its checksum as it is now with Repair-VsMigration.";
}
