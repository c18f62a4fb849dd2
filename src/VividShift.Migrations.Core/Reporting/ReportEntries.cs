using VividShift.Migrations.Activity;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;
using VividShift.Migrations.History;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Repair;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;
using VividShift.Migrations.Sandbox;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Reporting;

/// <summary>What the module's own objects say in a report.</summary>
public static class ReportEntries
{
    const string Findings = "Findings";
    const string Migrations = "Migrations";
    const string Plan = "Plan";
    const string Errors = "Errors";

    /// <summary>What a report can be made of, for messages.</summary>
    public const string Accepted =
        "findings, migration statuses, results, plans and their steps, comparisons of ways back, changes of history, backups, restores, seeds, "
        + "sessions, database overviews, settings, sandboxes, files of migrations, and errors";

    /// <summary>What the module emits and a report is not made of, with the reason and what to do instead.</summary>
    public static IReadOnlyDictionary<Type, string> Refused { get; } = new Dictionary<Type, string>
    {
        [typeof(string)] =
            "Text, such as the script of Get-VsMigrationPlan -AsSql or another report, is for a file as it stands. Pipe the objects: leave out -AsSql.",
        [typeof(bool)] = "The answer of -Quiet does not say what was found. Pipe the findings: leave out -Quiet.",
    };

    /// <summary>The entries for one object; null when a report cannot be made of such an object.</summary>
    public static IReadOnlyList<ReportEntry>? Of(object item) => item switch
    {
        Finding finding => [OfFinding(finding)],
        MigrationStatus status => [OfStatus(status)],
        MigrationResult result => [OfResult(result)],
        PlanStep step => [OfStep(step, database: null)],
        MigrationPlan plan => OfPlan(plan),
        RollbackComparison comparison => RollbackReportEntries.Of(comparison),
        HistoryChange change => [DatabaseEntries.Of(change)],
        DatabaseBackup backup => [OperationEntries.Of(backup)],
        RestoreResult restore => [OperationEntries.Of(restore)],
        SeedResult seed => [OperationEntries.Of(seed)],
        DatabaseActivity session => [ActivityEntries.Of(session)],
        StopActivityResult stopped => [ActivityEntries.Of(stopped)],
        DatabaseOverview overview => [DatabaseEntries.Of(overview)],
        SandboxServer server => [DatabaseEntries.Of(server)],
        ConfigurationSetting setting => [ProjectEntries.Of(setting)],
        FileInfo file => ProjectEntries.Of(file) is { } entry ? [entry] : null,
        MigrationException exception => OfException(exception),
        _ => null,
    };

    /// <summary>An error that is not the module's own.</summary>
    /// <param name="id">Its stable id.</param>
    /// <param name="message">What it says.</param>
    public static ReportEntry OfError(string id, string message) => new(Errors, id, ReportLevel.Error, id, message) { State = "Error" };

    static ReportEntry OfFinding(Finding finding)
    {
        var level = finding.Severity switch
        {
            FindingSeverity.Error => ReportLevel.Error,
            FindingSeverity.Warning => ReportLevel.Warning,
            _ => ReportLevel.Note,
        };
        var said = new[] { finding.Message, finding.Evidence, finding.RecommendedAction }.Where(text => !string.IsNullOrEmpty(text));
        var fix = finding.FixSql is null ? string.Empty : $"\n{finding.FixSql}";
        return new(Findings, finding.Rule, level, finding.Rule, string.Join(' ', said) + fix)
        {
            State = finding.Severity.ToString(),
            Path = finding.Path,
            Line = finding.Line,
            Column = finding.Column,
            DatabaseObject = finding.DatabaseObject,
        };
    }

    static ReportEntry OfStatus(MigrationStatus status) => new(
        Migrations, $"Migration{status.State}", LevelOf(status.State), Name(status.Version, status.Description), status.Problem ?? string.Empty)
    {
        State = status.State.ToString(),
        Waiting = status.Pending,
        Path = status.Path,
        Duration = status.Duration,
        Database = status.Database.ToString(),
    };

    // What a run would refuse without -Force is an error here, too.
    static ReportLevel LevelOf(MigrationState state) =>
        state is MigrationState.Applied or MigrationState.Pending ? ReportLevel.Fine : ReportLevel.Error;

    static ReportEntry OfResult(MigrationResult result) => new(
        Migrations,
        $"Migration{result.Outcome}",
        result.Outcome == MigrationOutcome.Failed ? ReportLevel.Error : ReportLevel.Fine,
        Name(result.Version, result.Description),
        result.Problem ?? string.Empty)
    {
        State = result.Outcome.ToString(),
        Path = result.Path,
        Duration = result.Duration,
        Database = result.Database.ToString(),
    };

    static ReportEntry OfStep(PlanStep step, string? database) => new(
        Plan, "MigrationPlanned", ReportLevel.Fine, Name(step.Version, step.Description), step.NonTransactionalReason ?? string.Empty)
    {
        State = step.Direction == MigrationDirection.Up ? "Apply" : "Revert",
        Waiting = true,
        Path = step.Path,
        Database = database,
    };

    static List<ReportEntry> OfPlan(MigrationPlan plan)
    {
        var database = plan.Database.ToString();
        return
        [
            .. plan.Steps.Select(step => OfStep(step, database)),
            .. plan.Findings.Select(finding => OfFinding(finding) with
            {
                Group = Plan,
                State = finding.Refuses ? "Refused" : finding.Severity.ToString(),
                Database = database,
            }),
        ];
    }

    /// <summary>The exception tells its first finding, so only the others get a row of their own.</summary>
    static List<ReportEntry> OfException(MigrationException exception)
    {
        var result = exception.Target as MigrationResult;
        var code = exception.Code.ToString();
        var error = new ReportEntry(
            Errors, code, ReportLevel.Error, result is null ? code : Name(result.Version, result.Description), exception.Message)
        {
            State = "Error",
            Path = exception.Location?.Path ?? result?.Path,
            Line = exception.Location is { Line: > 0 and var line } ? line : null,
            Column = exception.Location is { Column: > 0 and var column } ? column : null,
            Database = result?.Database.ToString(),
            Duration = result?.Duration,
        };
        return [error, .. exception.Findings.Skip(1).Select(OfFinding)];
    }

    internal static string Name(long version, string description) => FormattableString.Invariant($"{version} {description}");
}
