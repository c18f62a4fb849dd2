using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Health.Checks;
using VividShift.Migrations.Engine.Health.Rules;
using VividShift.Migrations.Health;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Health;

/// <summary>One check after the other, in one session that cannot write.</summary>
sealed class HealthRun(ResolvedDatabase database, HealthRequest request, IMigrationObserver observer)
{
    static readonly IReadOnlyList<IHealthCheck> Checks =
    [
        new ForeignKeyRowsCheck(),
        new CheckConstraintRowsCheck(),
        new NotValidCheck(),
        new DisabledTriggerCheck(),
        new InvalidIndexCheck(),
        new DuplicateIndexCheck(),
        new RedundantIndexCheck(),
        new UnusedIndexCheck(),
        new IndexBloatCheck(),
        new ForeignKeyIndexCheck(),
        new PrimaryKeyCheck(),
        new SequenceCheck(),
        new BloatCheck(),
        new AutovacuumCheck(),
        new WraparoundCheck(),
        new SessionCheck(),
        new PreparedTransactionCheck(),
        new ReplicationSlotCheck(),
        new ExtensionCheck(),
        new DatabaseCollationCheck(),
        new CollationCheck(),
        new SettingCheck(),
        new RoleSettingCheck(),
        new OldDatabaseCheck(),
    ];

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var rules = Wanted(HealthGroup.Project) ? CheckFiles.Read(database.Project, request.CheckPaths) : [];
        var findings = new List<Finding>();
        await using (var session = await Session.OpenAsync(database, SessionPurpose.ReadOnly, observer, cancellationToken))
        {
            var context = new HealthContext(session, request);
            await context.ReadServerAsync(cancellationToken);
            var checks = Checks.Where(c => Wanted(c.Group) && c.MinimumMajor <= context.Major).Concat(rules).ToList();
            for (var i = 0; i < checks.Count; i++)
            {
                observer.Report(new ProgressChanged($"Examining {database.Target}", $"Looking for {checks[i].Title}", 100 * i / checks.Count));
                await RunAsync(checks[i], context, findings, cancellationToken);
            }
        }

        if (Wanted(HealthGroup.History))
        {
            findings.AddRange(await MigrationHistoryCheck.TestAsync(database, request.Full, observer, cancellationToken));
        }

        return
        [
            .. findings.OrderByDescending(f => f.Severity).ThenBy(f => f.Rule, StringComparer.Ordinal)
                .ThenBy(f => f.DatabaseObject, StringComparer.Ordinal).ThenBy(f => f.Version).ThenBy(f => f.Path, StringComparer.Ordinal),
        ];
    }

    async Task RunAsync(IHealthCheck check, HealthContext context, List<Finding> findings, CancellationToken cancellationToken)
    {
        context.Restart();
        var before = findings.Count;
        try
        {
            await check.RunAsync(context, findings, cancellationToken);
        }
        catch (Exception e) when (CheckFailure.Covers(e, cancellationToken))
        {
            findings.Add(CheckFailure.Of(check.Title, e));
        }

        if (context.Sampled.Count > 0)
        {
            findings.Add(new("CheckSampled", FindingSeverity.Information, $"The check for {check.Title} read large tables in part.")
            {
                Evidence = $"Sampled: {CheckFailure.Names(context.Sampled)}.",
                RecommendedAction = "-FullReport reads all rows, and takes as long as that takes.",
            });
        }

        observer.Report(new VerboseMessage(FormattableString.Invariant($"Looked for {check.Title}: {findings.Count - before} finding(s).")));
    }

    bool Wanted(HealthGroup group) => request.Groups.Count == 0 || request.Groups.Contains(group);
}
