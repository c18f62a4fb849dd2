using VividShift.Migrations.Reporting;

namespace VividShift.Migrations.Core.Tests.Reporting;

/// <summary>Entries to make reports of.</summary>
static class Rows
{
    internal const string Folder = "/srv/shop";

    internal static ReportEntry Broken { get; } = new(
        "Findings", "DuplicateVersion", ReportLevel.Error, "DuplicateVersion", "Two files claim version 1. Rename one; 100% safe.")
    {
        State = "Error",
        Path = "/srv/shop/migrations/0001_a b;]#.sql",
        Line = 3,
        Column = 7,
    };

    internal static ReportEntry Doubtful { get; } = new(
        "Findings", "ForeignKeyWithoutIndex", ReportLevel.Warning, "ForeignKeyWithoutIndex", "orders.user_id has no index.")
    {
        State = "Warning",
        DatabaseObject = "public.orders",
    };

    internal static ReportEntry Noted { get; } = new("Findings", "NoDownScript", ReportLevel.Note, "NoDownScript", "It cannot be undone.")
    {
        State = "Information",
        Path = "/elsewhere/0002_b.sql",
    };

    internal static ReportEntry Applied { get; } = new("Migrations", "MigrationApplied", ReportLevel.Fine, "1 users", "")
    {
        State = "Applied",
        Path = "/srv/shop/migrations/0001_users.sql",
        Duration = TimeSpan.FromMilliseconds(12),
        Database = "shop@db:5432",
    };

    internal static ReportEntry Pending { get; } = new("Migrations", "MigrationPending", ReportLevel.Fine, "2 orders", "")
    {
        State = "Pending",
        Waiting = true,
        Database = "shop@db:5432",
    };

    internal static ReportEntry Failed { get; } = new(
        "Errors", "MigrationFailed", ReportLevel.Error, "3 notes", "Migration 3 (notes) failed.\n  SELECT ```x``` FROM y\n         ^")
    {
        State = "Error",
        Path = "/srv/shop/migrations/0003_notes.sql",
        Line = 1,
        Column = 8,
        Duration = TimeSpan.FromSeconds(1.5),
    };

    internal static ReportEntry[] All { get; } = [Broken, Doubtful, Noted, Applied, Pending, Failed];

    internal static IReadOnlyList<string> Render(ReportFormat format, params ReportEntry[] entries) =>
        new Report("Shop", Folder, entries).Render(format);
}
