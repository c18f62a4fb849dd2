using System.Globalization;
using VividShift.Migrations.Health;
using VividShift.Migrations.Repair;
using VividShift.Migrations.Sandbox;

namespace VividShift.Migrations.Reporting;

/// <summary>What databases, their history and private servers say in a report. That they are as they are is a note: nobody has judged them.</summary>
static class DatabaseEntries
{
    /// <summary>The state of a database: a line, and a line for each standby, table, index and setting.</summary>
    public static ReportEntry Of(DatabaseOverview overview) => new(
        "Databases",
        "DatabaseOverview",
        ReportLevel.Note,
        overview.Database.ToString(),
        string.Join('\n', Details(overview).Prepend(string.Join(", ", Glance(overview)) + ".")))
    {
        State = overview.IsStandby ? "Standby" : "Primary",
        Database = overview.Database.ToString(),
    };

    /// <summary>A row of history that was added, changed or removed by hand.</summary>
    public static ReportEntry Of(HistoryChange change)
    {
        var done = change.Action switch
        {
            "Add" => "Added",
            "Remove" => "Removed",
            _ => "Changed",
        };
        return new(
            "History",
            $"HistoryRow{done}",
            ReportLevel.Note,
            ReportEntries.Name(change.Version, change.Description),
            $"{change.Difference}; {change.Reason}")
        {
            State = done,
            DatabaseObject = change.Table,
            Database = change.Database.ToString(),
        };
    }

    /// <summary>A private server.</summary>
    public static ReportEntry Of(SandboxServer server)
    {
        var state = server.Running ? "Running" : "Stopped";
        string?[] said =
        [
            server.ServerVersion is null ? null : $"PostgreSQL {server.ServerVersion}",
            server.Port is { } port ? Text($"port {port}") : null,
            server.ProcessId is { } process ? Text($"process {process}") : null,
            $"database {server.Database} of {server.UserName}",
            $"data in {server.DataFolder}",
        ];
        return new("Sandboxes", $"Sandbox{state}", ReportLevel.Note, server.ProjectFolder, string.Join(", ", said.OfType<string>()))
        {
            State = state,
        };
    }

    static IEnumerable<string> Glance(DatabaseOverview overview)
    {
        yield return $"PostgreSQL {overview.ServerVersion}";
        yield return HumanReadable.Bytes(overview.SizeBytes);
        yield return $"up for {HumanReadable.Duration(overview.Uptime)}";
        yield return $"environment {overview.Environment}{(overview.Protected ? " (protected)" : string.Empty)}";
        yield return $"{overview.Encoding}, collation {overview.Collation}";
        yield return Text($"{overview.Connections} of {overview.ConnectionLimit} connections");
        if (overview.CacheHitRate is { } rate)
        {
            yield return Text($"{100 * rate:0.0} % read from memory");
        }

        yield return (overview.AppliedMigrations, overview.MigrationVersion) switch
        {
            (null, _) => "history unreadable",
            (_, null) => "no migration applied",
            ({ } applied, { } newest) => Text($"{applied} migrations applied, the newest {newest}"),
        };
        if (overview.PendingMigrations is { } pending)
        {
            yield return Text($"{pending} pending");
        }

        yield return overview.LastBackup is { } backup
            ? Text($"last backup {backup.Name} of {backup.TakenAt:u} ({(backup.Verified ? "verified" : "not verified")})")
            : "no backup";
    }

    static IEnumerable<string> Details(DatabaseOverview overview) =>
    [
        .. overview.ReplicationLag is { } lag ? [$"standby, {HumanReadable.Duration(lag)} behind"] : Array.Empty<string>(),
        .. overview.Standbys.Select(standby => $"standby {standby.Name}: {standby.State ?? "hidden"} {standby.SyncState}{Behind(standby.LagBytes)}"),
        .. overview.LargestTables.Select(
            table => Text($"table {table.Name}: {HumanReadable.Bytes(table.TotalBytes)}, {HumanReadable.Bytes(table.IndexBytes)} of them indexes{Rows(table.EstimatedRows)}")),
        .. overview.LargestIndexes.Select(index => Text($"index {index.Name} on {index.Table}: {HumanReadable.Bytes(index.Bytes)}, {index.Scans} scans")),
        .. overview.Settings.Select(setting => $"setting {setting.Name} = {setting.Value} ({setting.Source})"),
    ];

    static string Behind(long? bytes) => bytes is null ? string.Empty : $", {HumanReadable.Bytes(bytes.Value)} behind";

    static string Rows(long? rows) => rows is null ? string.Empty : Text($", about {rows} rows");

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
