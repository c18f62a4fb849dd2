using VividShift.Migrations.Configuration;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Running;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>Plans and runs seeds.</summary>
sealed class SeedService(OpenDatabase opened) : ISeedService
{
    /// <inheritdoc/>
    public IReadOnlyList<SeedFile> List(SeedRequest request)
    {
        var findings = new List<Finding>();
        var files = FilesOf(request, opened.Project, findings);
        MigrationException.ThrowIfRefused(findings, opened.Project.Environment);
        return files;
    }

    /// <inheritdoc/>
    public async Task<SeedPlan> PlanAsync(SeedRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        ThrowIfProtected();
        return await opened.UseAsync(
            observer,
            async database =>
            {
                var findings = new List<Finding>();
                var files = FilesOf(request, database.Project, findings);
                var recorded = await ReadRecordAsync(database, observer, findings, cancellationToken);
                await TellPendingAsync(observer, cancellationToken);
                var steps = new List<SeedStep>();
                foreach (var file in files)
                {
                    if (await JudgeAsync(file, recorded, request.Force, findings, cancellationToken) is { } step)
                    {
                        steps.Add(step);
                    }
                }

                return new SeedPlan(request, database.Target, database.Project.Environment, steps) { MadeBy = opened, Findings = findings };
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<SeedResult> RunAsync(
        SeedPlan plan, IReadOnlyList<SeedStep> agreed, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        opened.ThrowUnlessMadeHere(plan.MadeBy, plan.Database);
        plan.ThrowIfRefused();
        return opened.StreamAsync(
            observer, database => new SeedRun(database, plan.Request.Force, observer).RunAsync(agreed, cancellationToken), cancellationToken);
    }

    static async Task<IReadOnlyDictionary<string, string>> ReadRecordAsync(
        ResolvedDatabase database, IMigrationObserver observer, List<Finding> findings, CancellationToken cancellationToken)
    {
        await using var read = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, cancellationToken);
        var session = new SeedSession(read, observer);
        if (await SeedHistory.CheckRightsAsync(session, database.Target, cancellationToken) is { } missing)
        {
            findings.Add(missing);
        }

        return await SeedHistory.ReadAsync(session, cancellationToken);
    }

    /// <summary>Warns of pending migrations: seeds may be for tables that only they make.</summary>
    async Task TellPendingAsync(IMigrationObserver observer, CancellationToken cancellationToken)
    {
        if (!opened.Project.MigrationFolders.All(Directory.Exists))
        {
            return;
        }

        try
        {
            var context = await opened.UseAsync(
                observer,
                database => new PlanContextLoader(database, observer).ReadAsync(missingDatabaseIsEmpty: false, inspect: null, cancellationToken),
                cancellationToken);
            var pending = StatusReport.Of(context.Catalog, context.History, context.Database).Count(status => status.Pending);
            if (pending > 0)
            {
                observer.Report(new WarningRaised(FormattableString.Invariant(
                    $"{pending} migration(s) are pending in {context.Database}: seeds may need what they make. Run Invoke-VsMigration first.")));
            }
        }
        // Who may write rows need not be able to read the history.
        catch (MigrationException e) when (e.Code == MigrationErrorCode.PermissionDenied)
        {
            observer.Report(new VerboseMessage("Whether migrations are pending cannot be seen with this role."));
        }
    }

    /// <summary>How a file compares with the record.</summary>
    internal static SeedStep Judge(SeedFile file, string hash, IReadOnlyDictionary<string, string> recorded, bool force)
    {
        var state = recorded.GetValueOrDefault(file.Name) is not { } before ? SeedState.New
            : before == hash ? SeedState.Unchanged : SeedState.Changed;
        return new SeedStep(file, state, hash, state != SeedState.Unchanged || force);
    }

    /// <summary>
    /// The step of a file, checked as far as that goes without its table, which an earlier file may make; null when it cannot be read.
    /// </summary>
    static async Task<SeedStep?> JudgeAsync(
        SeedFile file,
        IReadOnlyDictionary<string, string> recorded,
        bool force,
        List<Finding> findings,
        CancellationToken cancellationToken)
    {
        try
        {
            var step = Judge(file, await SeedHash.OfAsync(file, cancellationToken), recorded, force);
            if (step.Runs && file.Format == SeedFormat.Sql)
            {
                findings.AddRange(await SqlSeed.CheckAsync(file, cancellationToken));
            }
            else if (step.Runs)
            {
                await using var rows = await SeedRows.OpenAsync(file, cancellationToken);
            }

            return step;
        }
        catch (MigrationException e)
        {
            // One file that cannot be used does not keep the others from being looked at.
            findings.Add(e.ToFinding(e.Code.ToString(), e.Code));
            return null;
        }
    }

    void ThrowIfProtected()
    {
        if (opened.Project.Protected)
        {
            throw new MigrationException(
                MigrationErrorCode.EnvironmentProtected,
                $"The environment '{opened.Project.Environment}' is protected: seeds are never run in it.",
                "Put data that every environment needs into a migration; try seeds elsewhere, or with -Sandbox.")
            {
                Target = opened.Project.Environment,
            };
        }
    }

    static List<SeedFile> FilesOf(SeedRequest request, ProjectSettings project, List<Finding> findings)
    {
        List<SeedFile> files = [];
        foreach (var path in request.Paths is [] ? [project.SeedFolder] : request.Paths)
        {
            try
            {
                files.AddRange(SeedCatalog.Read(path, project.Environment));
            }
            catch (MigrationException e)
            {
                findings.Add(e.ToFinding(e.Code.ToString(), e.Code));
            }
        }

        files = [.. files.DistinctBy(file => file.Path)];
        findings.AddRange(files.GroupBy(file => file.Name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(twice =>
            Finding.Refusal(
                MigrationErrorCode.SeedFailed,
                $"There are {twice.Count()} files of the name {twice.Key}, and the record knows them by it: "
                + $"{string.Join(", ", twice.Select(f => f.Path))}.",
                "Rename all but one of them.")));
        foreach (var name in request.Names.Where(name => !files.Exists(file => file.IsNamed([name]))))
        {
            var near = Suggestion.For(name, files.Select(file => file.Table));
            findings.Add(Finding.Refusal(
                MigrationErrorCode.PathNotFound,
                $"No seed of the environment '{project.Environment}' is called '{name}'.",
                near is not null ? $"Did you mean '{near}'?"
                    : files is [] ? "There are none."
                    : $"There are {string.Join(", ", files.Select(file => file.Name))}."));
        }

        return request.Names is [] ? files : files.FindAll(file => file.IsNamed(request.Names));
    }
}
