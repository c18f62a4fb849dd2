using Npgsql;
using VividShift.Migrations.Catalog;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.History;

namespace VividShift.Migrations.Engine.Health.Overview;

/// <summary>How far the migrations are. A glance at a database must not fail because there is no folder, or no right to read
/// history.</summary>
static class MigrationProgress
{
    /// <summary>The newest applied version, how many are applied, and how many of the folder are not.</summary>
    public static async Task<(long? Version, int? Applied, int? Pending)> ReadAsync(
        Session session, ProjectSettings project, CancellationToken cancellationToken)
    {
        MigrationHistory history;
        try
        {
            var table = await HistoryTable.LocateAsync(session, project.HistoryTable, cancellationToken);
            history = await table.ReadAsync(session, cancellationToken);
        }
        catch (Exception e) when (e is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege }
            or MigrationException { Code: MigrationErrorCode.HistoryInvalid })
        {
            // Test-VsDatabase and Get-VsMigrationStatus say why.
            return (null, null, null);
        }

        var applied = history.Rows.Where(r => r.Success).Select(r => r.Version).ToHashSet();
        int? pending = project.MigrationFolders.All(Path.Exists)
            ? MigrationCatalog.Load(project.MigrationFolders, new(project.IgnoredCharacters)).Migrations.Count(m => m.Up is not null && !applied.Contains(m.Version))
            : null;
        return (applied.Count == 0 ? null : applied.Max(), applied.Count, pending);
    }
}
