using System.Globalization;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Reporting;

/// <summary>What operations beside migrations say in a report.</summary>
static class OperationEntries
{
    /// <summary>A backup; one whose trial restore failed is an error.</summary>
    public static ReportEntry Of(DatabaseBackup backup)
    {
        var damaged = backup.Verification is { Passed: false };
        return new(
            "Backups",
            damaged ? "BackupInvalid" : "BackupMade",
            damaged ? ReportLevel.Error : ReportLevel.Fine,
            backup.Name,
            FormattableString.Invariant($"{backup.Content}, {HumanReadable.Bytes(backup.Size)}, newest migration {Version(backup.MigrationVersion)}."))
        {
            State = damaged ? "Damaged" : backup.Verified ? "Verified" : "Made",
            Duration = backup.Duration,
            Database = backup.Database.ToString(),
        };
    }

    /// <summary>A database that was restored.</summary>
    public static ReportEntry Of(RestoreResult restore) => new(
        "Restores",
        "DatabaseRestored",
        ReportLevel.Fine,
        Path.GetFileName(Path.TrimEndingDirectorySeparator(restore.Path)),
        FormattableString.Invariant($"{restore.Tables} tables, newest migration {Version(restore.MigrationVersion)}.{Old(restore)}"))
    {
        State = restore.Verified ? "Verified" : "Restored",
        Duration = restore.Duration,
        Database = restore.Database.ToString(),
    };

    /// <summary>A seed file.</summary>
    public static ReportEntry Of(SeedResult seed) => new(
        "Seeds",
        "SeedFile",
        ReportLevel.Fine,
        seed.Name,
        seed.Inserted is null
            ? string.Empty
            : FormattableString.Invariant($"{seed.Inserted} inserted, {seed.Updated ?? 0} updated, {seed.Unchanged ?? 0} unchanged."))
    {
        State = seed.Outcome.ToString(),
        Path = seed.Path,
        Duration = seed.Duration,
        Database = seed.Database.ToString(),
    };

    static string Version(long? version) => version?.ToString(CultureInfo.InvariantCulture) ?? "none";

    static string Old(RestoreResult restore) => restore switch
    {
        { KeptAs: { } name } => $" The old database is kept as {name}.",
        { Dropped: true } => " The old database was dropped.",
        _ => string.Empty,
    };
}

/// <summary>
/// Two ways back in a report: a note for each way, and a warning for whatever it would lose, at the file of the down script that loses it.
/// </summary>
static class RollbackReportEntries
{
    const string Group = "Ways back";

    /// <summary>The ways of a comparison and their losses, the down scripts first.</summary>
    public static List<ReportEntry> Of(RollbackComparison comparison)
    {
        var database = comparison.Database.ToString();
        return
        [
            Way("DownScripts", "Down scripts", $"{comparison.DownSummary}; time {comparison.DownTime}", comparison.Steps.Count > 0),
            .. comparison.RollbackDataLosses.Select(loss => new ReportEntry(
                Group, "DownScriptLoss", ReportLevel.Warning, loss.Subject, $"Down scripts: {loss}")
            {
                State = "Loss",
                Path = comparison.Steps.FirstOrDefault(step => step.Version == loss.Version)?.Path,
                DatabaseObject = loss.Subject,
                Database = database,
            }),
            Way("RestoreOfBackup", "Restore", RestoreText(comparison), comparison.Backup is not null),
            .. comparison.RestoreLosses.Select(loss => new ReportEntry(
                Group, "RestoreLoss", ReportLevel.Warning, $"{loss.Schema}.{loss.Table}", $"Restore: {loss}")
            {
                State = "Loss",
                DatabaseObject = $"{loss.Schema}.{loss.Table}",
                Database = database,
            }),
        ];

        ReportEntry Way(string rule, string title, string message, bool open) => new(Group, rule, ReportLevel.Note, title, message)
        {
            State = open ? "Possible" : "Impossible",
            Database = database,
        };
    }

    static string RestoreText(RollbackComparison comparison) =>
        comparison.RestoreTime.Length == 0 ? comparison.RestoreSummary : $"{comparison.RestoreSummary}; time {comparison.RestoreTime}";
}
