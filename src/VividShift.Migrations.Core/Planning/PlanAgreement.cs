using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.Planning;

/// <summary>
/// Compares what a user agreed to with what is to be done once the lock is held. Forwards, it is no change when another runner has meanwhile
/// applied the very same files; anything else is.
/// </summary>
public static class PlanAgreement
{
    /// <summary>The steps still to be run, from the plan as it is now.</summary>
    /// <exception cref="MigrationException">PlanChanged, or a refusal that was not there before.</exception>
    public static IReadOnlyList<PlanStep> StepsToRun(MigrationPlan agreed, int agreedSteps, MigrationPlan now)
    {
        var applied = now.Context.History.Rows.Where(r => r.Success).ToDictionary(r => r.Version, r => r.Checksum);
        var remaining = agreed.Steps.Take(agreedSteps)
            .Where(s => s.Direction == MigrationDirection.Down || !applied.TryGetValue(s.Version, out var checksum) || checksum != s.Checksum)
            .ToList();
        if (remaining.Count == 0)
        {
            return [];
        }

        now.ThrowIfRefused();
        var steps = now.Steps.Take(remaining.Count).ToList();
        if (!steps.Select(Identity).SequenceEqual(remaining.Select(Identity)))
        {
            throw new MigrationException(
                MigrationErrorCode.PlanChanged,
                $"History of {now.Database} changed after the plan was made: agreed were {Names(remaining)}; now it would be {Names(now.Steps)}.",
                "Look at the new plan and run again.")
            {
                Target = now.Database,
            };
        }

        return steps;
    }

    static (long, MigrationDirection, bool, Checksum) Identity(PlanStep step) =>
        (step.Version, step.Direction, step.Transactional, step.File.Checksum);

    static string Names(IReadOnlyList<PlanStep> steps) => steps.Count == 0
        ? "nothing"
        : string.Join(", ", steps.Take(5).Select(s => s.Action))
            + (steps.Count > 5 ? FormattableString.Invariant($", ... ({steps.Count} steps)") : string.Empty);
}
