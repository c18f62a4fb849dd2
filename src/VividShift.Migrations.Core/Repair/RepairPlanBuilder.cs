using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Repair;

/// <summary>A repair while it is judged.</summary>
sealed class RepairPlanBuilder(PlanContext context, RepairRequest request)
{
    readonly List<HistoryChange> _changes = [];
    readonly List<PlanRefusal> _refusals = [];
    readonly List<string> _warnings = [];

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

    public void Refuse(string what, string advice, long? version, object? target = null) =>
        _refusals.Add(new(MigrationErrorCode.RepairRefused, what, advice) { Version = version, Target = target });

    public void Warn(string what) => _warnings.Add(what);

    public void Add(AppliedMigration after, string reason) => Add(null, after, reason);

    public void Change(AppliedMigration before, AppliedMigration after, string reason) => Add(before, after, reason);

    public void Remove(AppliedMigration before, string reason) => Add(before, null, reason);

    public RepairPlan ToPlan()
    {
        // Without a change nothing is written, whoever owns the table.
        var (refusals, warnings) = _changes.Count == 0 ? ([], []) : Planner.JudgeTable(context, request.Force);
        return new()
        {
            Request = request,
            Context = context,
            Changes = _changes,
            Refusals = [.. refusals, .. _refusals],
            Warnings = [.. warnings, .. _warnings],
        };
    }

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
