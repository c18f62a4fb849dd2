using VividShift.Migrations.Diagnostics;
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

    /// <summary>What is the matter: versions for which it was refused, and what else should be known.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>What is refused, with the reason and the way on.</summary>
    public IReadOnlyList<Finding> Refusals => [.. Findings.Where(f => f.Refuses)];

    /// <summary>The other findings in words.</summary>
    public IReadOnlyList<string> Warnings => [.. Findings.Where(f => !f.Refuses).Select(f => f.Describe())];

    /// <summary>Ends the work when something was refused: all or nothing.</summary>
    /// <exception cref="MigrationException">RepairRefused.</exception>
    public void ThrowIfRefused() => MigrationException.ThrowIfRefused(Findings, Context.Database);

    /// <summary>The error of one refusal, for a repair that goes on with other versions.</summary>
    public MigrationException ErrorOf(Finding refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return MigrationException.Of([refusal], Context.Database, refusal.Version is null ? MigrationException.NothingChanged : "Its row stays as it is.");
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
