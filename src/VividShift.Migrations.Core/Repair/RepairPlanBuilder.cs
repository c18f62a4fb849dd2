using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Diagnostics.Rules;
using VividShift.Migrations.History;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Repair;

/// <summary>A repair while it is judged.</summary>
sealed class RepairPlanBuilder(PlanContext context, RepairRequest request)
{
    readonly List<HistoryChange> _changes = [];
    readonly List<Finding> _findings = [];

    public PlanContext Context => context;

    public RepairRequest Request => request;

    public IReadOnlyList<AppliedMigration> Rows => context.History.Rows;

    public static string NameOf(AppliedMigration row) => FormattableString.Invariant($"Migration {row.Version} ({row.Description})");

    /// <summary>The rows of the versions that were named; a version without a row is passed over.</summary>
    public IReadOnlyList<AppliedMigration> NamedRows()
    {
        var rows = new List<AppliedMigration>();
        foreach (var version in request.Versions!.Distinct())
        {
            if (Rows.FirstOrDefault(r => r.Version == version) is { } row)
            {
                rows.Add(row);
            }
            else
            {
                PassOver(
                    version,
                    FormattableString.Invariant($"Migration {version} is not in history."),
                    "See Get-VsMigrationStatus for the versions there are.");
            }
        }

        return rows;
    }

    /// <summary>Whoever names a version means it; of a pipeline's it is enough that they come through.</summary>
    public void PassOver(long version, string what, string advice)
    {
        if (!request.Piped)
        {
            Refuse(what, advice, version);
        }
    }

    /// <summary>A row that does not go with its file and of which the request cannot be done: what is the matter says the judge of history.</summary>
    public void Refuse(AppliedMigration row) => Refuse(HistoryRules.Judge(context.Catalog, row).Finding!);

    /// <summary>The same for a row that the request does not name, which is a warning.</summary>
    public void Warn(AppliedMigration row) => _findings.Add(HistoryRules.Judge(context.Catalog, row).Finding!.AsWarning());

    /// <summary>A refusal of this repair, whatever else it would refuse.</summary>
    public void Refuse(Finding finding) =>
        _findings.Add(finding with { RefusedAs = MigrationErrorCode.RepairRefused, OverriddenBy = RefusalOverrides.None });

    public void Refuse(string what, string advice, long? version) =>
        Refuse(Finding.Refusal(MigrationErrorCode.RepairRefused, what, advice) with { Version = version });

    public void Add(AppliedMigration after, string reason) => Add(null, after, reason);

    public void Change(AppliedMigration before, AppliedMigration after, string reason) => Add(before, after, reason);

    public void Remove(AppliedMigration before, string reason) => Add(before, null, reason);

    public RepairPlan ToPlan() => new() { Request = request, Context = context, Changes = _changes, Findings = _findings };

    void Add(AppliedMigration? before, AppliedMigration? after, string reason) => _changes.Add(new()
    {
        Version = (after ?? before)!.Version,
        Description = (after ?? before)!.Description,
        Before = before,
        After = after,
        Reason = reason,
        Table = context.History.Table,
        Database = context.Database,
    });
}
