using VividShift.Migrations.Catalog;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.History;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Running;

/// <summary>Reads what plans and statuses are made from: the folder once, history once, in a session that cannot write.</summary>
sealed class PlanContextLoader(ResolvedDatabase database, IMigrationObserver observer)
{
    /// <summary>A history table that cannot be read is among the findings of the context, instead of the end of the work.</summary>
    public bool AcceptsUnreadableHistory { get; init; }

    /// <summary>The files alone.</summary>
    public static MigrationCatalog LoadCatalog(ProjectSettings project, IMigrationObserver observer)
    {
        var catalog = MigrationCatalog.Load(project.MigrationFolders, new(project.IgnoredCharacters));
        observer.Report(new VerboseMessage(FormattableString.Invariant(
            $"Read {catalog.Migrations.Count} migration(s) from {string.Join(", ", catalog.Folders)}.")));
        return catalog;
    }

    /// <summary>Files and history.</summary>
    /// <param name="missingDatabaseIsEmpty">A database that does not exist counts as one without history.</param>
    /// <param name="inspect">What else to read in the same session; may be null.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<PlanContext> ReadAsync(
        bool missingDatabaseIsEmpty, Func<Session, PlanContext, Task>? inspect, CancellationToken cancellationToken)
    {
        var catalog = LoadCatalog(database.Project, observer);
        try
        {
            await using var session = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, cancellationToken);
            var context = await ReadHistoryAsync(session, catalog, cancellationToken);
            if (inspect is not null)
            {
                await inspect(session, context);
            }

            return context;
        }
        catch (MigrationException e) when (missingDatabaseIsEmpty && e.Code == MigrationErrorCode.DatabaseMissing)
        {
            return new(catalog, new(SqlxHistoryTable.NameToCreate(database.Project.HistoryTable, []), Exists: false, []), database.Target)
            {
                DatabaseMissing = true,
                CreateSchemas = database.Project.CreateSchemas,
                LockKey = RunLock.KeyOf(database.Target.Database),
            };
        }
    }

    async Task<PlanContext> ReadHistoryAsync(Session session, MigrationCatalog catalog, CancellationToken cancellationToken)
    {
        var table = await SqlxHistoryTable.ReadAsync(session, database.Project, cancellationToken);
        if (!AcceptsUnreadableHistory)
        {
            table.ThrowIfUnreadable();
        }

        var history = table.Rows;
        observer.Report(new VerboseMessage(history.Exists
            ? FormattableString.Invariant($"Read {history.Rows.Count} row(s) of {history.Table} in {database.Target}.")
            : $"{database.Target} has no history table yet."));
        return new(catalog, history, database.Target)
        {
            HistoryFindings = table.Problem is { } problem ? [problem, .. table.Findings] : table.Findings,
            HistoryOid = table.Oid,
            CreateSchemas = database.Project.CreateSchemas,
            LockKey = RunLock.KeyOf(table.Database),
        };
    }
}
