using VividShift.Migrations.Configuration;
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
    public IReadOnlyList<SeedFile> List(SeedRequest request) => FilesOf(request, opened.Project);

    /// <inheritdoc/>
    public async Task<SeedPlan> PlanAsync(SeedRequest request, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        ThrowIfProtected();
        var files = List(request);
        var hashes = new List<string>();
        foreach (var file in files)
        {
            hashes.Add(await SeedHash.OfAsync(file, cancellationToken));
        }

        return await opened.UseAsync(
            observer,
            async database =>
            {
                await using var session = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, cancellationToken);
                var recorded = await SeedHistory.ReadAsync(new SeedSession(session, observer), database.Target, cancellationToken);
                await TellPendingAsync(observer, cancellationToken);
                return new SeedPlan(
                    request,
                    database.Target,
                    database.Project.Environment,
                    [.. files.Zip(hashes, (file, hash) => Judge(file, hash, recorded, request.Force))])
                {
                    MadeBy = opened,
                };
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<SeedResult> RunAsync(
        SeedPlan plan, IReadOnlyList<SeedStep> agreed, IMigrationObserver observer, CancellationToken cancellationToken)
    {
        opened.ThrowUnlessMadeHere(plan.MadeBy, plan.Database);
        return opened.StreamAsync(
            observer, database => new SeedRun(database, plan.Request.Force, observer).RunAsync(agreed, cancellationToken), cancellationToken);
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

    void ThrowIfProtected()
    {
        if (!opened.Project.Protected)
        {
            return;
        }

        const string RecommendedAction = "Put data that every environment needs into a migration; try seeds elsewhere, or with -Sandbox.";
        throw new MigrationException(
            MigrationErrorCode.EnvironmentProtected,
            $"The environment '{opened.Project.Environment}' is protected: seeds are never run in it. Nothing was changed. {RecommendedAction}")
        {
            RecommendedAction = RecommendedAction,
            DatabaseState = "Nothing was changed.",
            Target = opened.Project.Environment,
        };
    }

    static List<SeedFile> FilesOf(SeedRequest request, ProjectSettings project)
    {
        IReadOnlyList<string> paths = request.Paths is [] ? [project.SeedFolder] : request.Paths;
        List<SeedFile> files = [.. paths.SelectMany(path => SeedCatalog.Read(path, project.Environment)).DistinctBy(file => file.Path)];
        if (files.GroupBy(file => file.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw SeedErrors.Unusable(
                twice.Last(), $"There are two files of the name {twice.Key}, and the record knows them by it.", "Rename one of them.");
        }

        foreach (var name in request.Names.Where(name => !files.Exists(file => file.IsNamed([name]))))
        {
            var near = Suggestion.For(name, files.Select(file => file.Table));
            var advice = near is not null ? $"Did you mean '{near}'?"
                : files is [] ? "There are none." : $"There are {string.Join(", ", files.Select(file => file.Name))}.";
            throw new MigrationException(
                MigrationErrorCode.PathNotFound,
                $"No seed of the environment '{project.Environment}' is called '{name}'. Nothing was changed. {advice}")
            {
                RecommendedAction = advice,
                DatabaseState = "Nothing was changed.",
                Target = name,
            };
        }

        return request.Names is [] ? files : files.FindAll(file => file.IsNamed(request.Names));
    }
}
