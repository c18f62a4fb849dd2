using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Engine.Running;

namespace VividShift.Migrations.Engine.Health;

/// <summary>What Test-VsMigration says, as far as it is about the database: what a run would be refused for.</summary>
static class MigrationHistoryCheck
{
    /// <summary>The findings; in a full report also those that refuse nothing.</summary>
    public static async Task<IReadOnlyList<Finding>> TestAsync(
        ResolvedDatabase database, bool full, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        try
        {
            if (database.Project.MigrationFolders.FirstOrDefault(folder => !Path.Exists(folder)) is { } missing)
            {
                return await WithoutFolderAsync(database, missing, observer, cancellationToken);
            }

            var findings = await new MigrationTest(rollback: false, observer).RunAsync(database, cancellationToken);
            return full ? findings : [.. findings.Where(f => f.Refuses)];
        }
        catch (MigrationException e) when (e.Code == MigrationErrorCode.HistoryInvalid)
        {
            return [e.ToFinding(e.Code.ToString(), e.Code)];
        }
        catch (Exception e) when (CheckFailure.Covers(e, cancellationToken))
        {
            return [CheckFailure.Of("problems in the history of migrations", e)];
        }
    }

    /// <summary>A database without files is fine when it has no history either: people look at databases from anywhere.</summary>
    static async Task<IReadOnlyList<Finding>> WithoutFolderAsync(
        ResolvedDatabase database, string missing, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        await using var session = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, cancellationToken);
        var table = await HistoryTable.LocateAsync(session, database.Project.HistoryTable, cancellationToken);
        return !table.Exists
            ? []
            :
            [
                new("HistoryNotCompared", FindingSeverity.Information, $"There is a history of migrations, and no folder '{missing}' to compare it with.")
                {
                    DatabaseObject = table.Name,
                    RecommendedAction = "Run it in the project's folder, or name the migrations with -Path.",
                },
            ];
    }
}
