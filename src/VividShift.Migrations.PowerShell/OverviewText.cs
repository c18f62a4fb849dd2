using System.Globalization;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.PowerShell;

/// <summary>What the views of an overview print where an expression would be too long.</summary>
public static class OverviewText
{
    /// <summary>How far the migrations are: <c>20250929090000, 2 pending</c>.</summary>
    public static string Migration(DatabaseOverview overview)
    {
        ArgumentNullException.ThrowIfNull(overview);
        var version = overview switch
        {
            { AppliedMigrations: null } => "unknown",
            { MigrationVersion: { } newest } => newest.ToString(CultureInfo.InvariantCulture),
            _ => "none",
        };
        return overview.PendingMigrations is { } pending and > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{version}, {pending} pending")
            : version;
    }

    /// <summary>A line for each table.</summary>
    public static string Tables(DatabaseOverview overview)
    {
        ArgumentNullException.ThrowIfNull(overview);
        return Lines(overview.LargestTables.Select(t => $"{t.Name} {HumanReadable.Bytes(t.TotalBytes)}"));
    }

    /// <summary>A line for each index.</summary>
    public static string Indexes(DatabaseOverview overview)
    {
        ArgumentNullException.ThrowIfNull(overview);
        return Lines(overview.LargestIndexes.Select(
            i => string.Create(CultureInfo.InvariantCulture, $"{i.Name} {HumanReadable.Bytes(i.Bytes)}, {i.Scans} scans")));
    }

    /// <summary>A line for each setting.</summary>
    public static string Settings(DatabaseOverview overview)
    {
        ArgumentNullException.ThrowIfNull(overview);
        return Lines(overview.Settings.Select(s => $"{s.Name} = {s.Value} ({s.Source})"));
    }

    /// <summary>A line for each standby.</summary>
    public static string Standbys(DatabaseOverview overview)
    {
        ArgumentNullException.ThrowIfNull(overview);
        return Lines(overview.Standbys.Select(
            s => $"{s.Name} {s.State ?? "(hidden)"} {s.SyncState} {(s.LagBytes is { } lag ? HumanReadable.Bytes(lag) : string.Empty)}".TrimEnd()));
    }

    /// <summary>When the last backup was taken, and whether it was proven: <c>2026-11-24 23:02:11, verified</c>.</summary>
    public static string Backup(DatabaseOverview overview)
    {
        ArgumentNullException.ThrowIfNull(overview);
        return overview.LastBackup is { } backup
            ? ViewText.Safe($"{ViewText.Moment(backup.TakenAt)}, {(backup.Verified ? "verified" : "not verified")}: {backup.Name}")
            : "none in the backup folder";
    }

    static string Lines(IEnumerable<string> lines) => ViewText.Safe(string.Join('\n', lines));
}
