using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Repair;

/// <summary>What would be done to history: shown by -WhatIf, agreed to, and judged again under the lock.</summary>
public sealed record RepairPlan
{
    /// <summary>What was asked.</summary>
    public required RepairRequest Request { get; init; }

    /// <summary>Files and history that it was made from.</summary>
    public required PlanContext Context { get; init; }

    /// <summary>The opened database that made it, the only one that runs it.</summary>
    public object? MadeBy { get; init; }

    /// <summary>The rows, in the order in which they are changed.</summary>
    public IReadOnlyList<HistoryChange> Changes { get; init; } = [];

    /// <summary>Versions for which it was refused, with the reason and the way on.</summary>
    public IReadOnlyList<PlanRefusal> Refusals { get; init; } = [];

    /// <summary>What else should be known.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Ends the work when something was refused: all or nothing.</summary>
    /// <exception cref="MigrationException">RepairRefused or another code of the first refusal.</exception>
    public void ThrowIfRefused()
    {
        if (Refusals.Count > 0)
        {
            throw PlanRefusal.ToException(Refusals, Context.Database);
        }
    }

    /// <summary>The error of one refusal, for a repair that goes on with other versions.</summary>
    public MigrationException ErrorOf(PlanRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        var state = refusal.Version is null ? "Nothing was changed." : "Its row stays as it is.";
        return new(refusal.Code, $"{refusal.Message} {state} {refusal.RecommendedAction}")
        {
            RecommendedAction = refusal.RecommendedAction,
            DatabaseState = state,
            Target = refusal.Target ?? refusal.Version ?? (object)Context.Database,
        };
    }

    /// <summary>What sqlx would make of history after these changes.</summary>
    /// <param name="changes">The changes that are made.</param>
    public SqlxCompatibilityResult VerdictAfter(IEnumerable<HistoryChange> changes)
    {
        var rows = Context.History.Rows.ToDictionary(r => r.Version);
        foreach (var change in changes)
        {
            rows.Remove(change.Version);
            if (change.After is { } after)
            {
                rows[change.Version] = after;
            }
        }

        return SqlxCompatibilityResult.Of(Context.Catalog, [.. rows.Values.OrderBy(r => r.Version)]);
    }
}
