using VividShift.Migrations.Catalog;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Running;

/// <summary>All findings: what files say alone, then, if there is a server to ask, history and syntax.</summary>
sealed class MigrationTest(bool rollback, IMigrationObserver observer)
{
    /// <summary>Without a database: names, pairs, statements.</summary>
    public IReadOnlyList<Finding> OfFiles(ProjectSettings project)
    {
        observer.Report(new WarningRaised(
            "No connection is configured: names, pairs and statements are checked; history, checksums, order and the server's reading of the syntax are not."));
        return Ordered(FindingsOfFiles(PlanContextLoader.LoadCatalog(project, observer), _ => true));
    }

    /// <summary>With a database.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(ResolvedDatabase database, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        await new PlanContextLoader(database, observer) { AcceptsUnreadableHistory = true }.ReadAsync(missingDatabaseIsEmpty: false, InspectAsync, cancellationToken);
        return Ordered(findings);

        async Task InspectAsync(Session session, PlanContext context)
        {
            // What ran is history; nobody can fix its statements any more.
            var applied = context.History.Rows.Where(r => r.Success).Select(r => r.Version).ToHashSet();
            findings.AddRange(FindingsOfFiles(context.Catalog, v => !applied.Contains(v)));
            findings.AddRange(context.HistoryFindings);
            findings.AddRange(HistoryChecks.Of(context.Catalog, context.History));
            var pending = context.Catalog.Migrations.Where(m => m.Up is not null && !applied.Contains(m.Version)).Select(m => m.Up!);
            var down = context.Catalog.Migrations.Where(m => m.Down is not null).Select(m => m.Down!);
            var files = pending.Concat(down).ToList();
            findings.AddRange(await SyntaxCheck.RunAsync(session, files, cancellationToken));
            observer.Report(new VerboseMessage(FormattableString.Invariant($"The server's parser read {files.Count} file(s).")));
        }
    }

    List<Finding> FindingsOfFiles(MigrationCatalog catalog, Func<long, bool> open) =>
    [
        .. catalog.Findings,
        .. catalog.Migrations.Where(m => m.Up is not null && open(m.Version)).SelectMany(m => FileChecks.Of(m.Up!)),
        .. catalog.Migrations.Where(m => m.Down is not null).SelectMany(m => FileChecks.Of(m.Down!)),
        .. RollbackChecks.Of(catalog, rollback),
    ];

    static List<Finding> Ordered(IEnumerable<Finding> findings) =>
        [.. findings.OrderByDescending(f => f.Severity).ThenBy(f => f.Version).ThenBy(f => f.Path, StringComparer.Ordinal).ThenBy(f => f.Line)];
}
