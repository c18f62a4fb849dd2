using VividShift.Migrations.Restore;

namespace VividShift.Migrations.Reporting;

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
