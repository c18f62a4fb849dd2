using VividShift.Migrations.Catalog;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Diagnostics.Rules;
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
        var catalog = PlanContextLoader.LoadCatalog(project, observer);
        var files = catalog.Migrations.SelectMany(m => new[] { m.Up, m.Down }).OfType<MigrationFile>();
        return Ordered(MigrationRules.Check(new() { Catalog = catalog, Scripts = [.. files.Select(MigrationScript.Of)], Rollback = rollback }));
    }

    /// <summary>With a database.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(ResolvedDatabase database, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        await new PlanContextLoader(database, observer).ReadAsync(missingDatabaseIsEmpty: false, InspectAsync, cancellationToken);
        return Ordered(findings);

        async Task InspectAsync(Session session, PlanContext context)
        {
            // What ran is history; nobody can fix its statements any more.
            var applied = context.History.Rows.Where(r => r.Success).Select(r => r.Version).ToHashSet();
            var pending = context.Catalog.Migrations.Where(m => m.Up is not null && !applied.Contains(m.Version)).Select(m => m.Up!);
            var down = context.Catalog.Migrations.Where(m => m.Down is not null).Select(m => m.Down!);
            var scripts = pending.Concat(down).Select(file => new MigrationScript(file, context.Scripts.Of(file))).ToList();
            findings.AddRange(MigrationRules.Check(new()
            {
                Catalog = context.Catalog,
                History = context.History,
                Scripts = scripts,
                Rollback = rollback,
            }));
            findings.AddRange(await SyntaxCheck.RunAsync(session, scripts, cancellationToken));
            observer.Report(new VerboseMessage(FormattableString.Invariant($"The server's parser read {scripts.Count} file(s).")));
        }
    }

    static List<Finding> Ordered(IEnumerable<Finding> findings) =>
        [.. findings.OrderByDescending(f => f.Severity).ThenBy(f => f.Version).ThenBy(f => f.Path, StringComparer.Ordinal).ThenBy(f => f.Line)];
}
