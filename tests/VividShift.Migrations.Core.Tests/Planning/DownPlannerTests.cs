using VividShift.Migrations.Catalog;
using static VividShift.Migrations.Core.Tests.Planning.PlanScenario;

namespace VividShift.Migrations.Core.Tests.Planning;

public class DownPlannerTests
{
    static PlanScenario ThreeApplied => new PlanScenario().With(1, applied: true).With(2, applied: true).With(3, applied: true).With(4);

    [Fact]
    public void The_last_one_is_undone_when_nothing_is_said() => Assert.Equal([3], Versions(ThreeApplied.Down()));

    [Fact]
    public void The_target_stays() => Assert.Equal([3, 2], Versions(ThreeApplied.Down(new() { Target = 1 })));

    [Fact]
    public void Target_zero_undoes_everything() => Assert.Equal([3, 2, 1], Versions(ThreeApplied.Down(new() { Target = 0 })));

    [Fact]
    public void A_count_takes_the_newest() => Assert.Equal([3, 2], Versions(ThreeApplied.Down(new() { Count = 2 })));

    [Fact]
    public void All_is_all() => Assert.Equal([3, 2, 1], Versions(ThreeApplied.Down(new() { All = true })));

    [Fact]
    public void The_newest_as_target_leaves_nothing_to_do()
    {
        var plan = ThreeApplied.Down(new() { Target = 3 });
        Assert.Empty(plan.Steps);
        Assert.Empty(plan.Refusals);
    }

    [Theory]
    [InlineData(99)]
    [InlineData(4)]
    public void A_target_that_is_unknown_or_ahead_is_refused(long target) =>
        Assert.Equal([MigrationErrorCode.TargetInvalid], Codes(ThreeApplied.Down(new() { Target = target })));

    [Fact]
    public void A_migration_without_a_down_script_is_refused_by_name_and_never_passed_over()
    {
        var scenario = new PlanScenario().With(1, applied: true).With(2, down: null, applied: true);
        var refusal = Assert.Single(scenario.Down().Refusals);
        Assert.Equal((MigrationErrorCode.Irreversible, 2L), (refusal.RefusedAs, refusal.Version));
        Assert.Contains("2_m2.down.sql", refusal.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains(MigrationErrorCode.Irreversible, Codes(scenario.Down(new() { All = true, Force = true })));
    }

    [Fact]
    public void A_missing_file_in_the_range_cannot_be_undone_and_outside_of_it_does_not_matter()
    {
        var scenario = new PlanScenario().WithRow(1).With(2, applied: true);
        Assert.Empty(scenario.Down().Refusals);
        Assert.Equal([MigrationErrorCode.Irreversible], Codes(scenario.Down(new() { All = true })));
    }

    [Fact]
    public void An_edited_file_is_refused_unless_forced()
    {
        var scenario = new PlanScenario().With(1).WithRow(1, Checksum.Of("other"u8));
        Assert.Equal([MigrationErrorCode.ChecksumMismatch], Codes(scenario.Down()));
        var forced = scenario.Down(new() { Force = true });
        Assert.Empty(forced.Refusals);
        Assert.Single(forced.Warnings);
    }

    [Fact]
    public void An_unfinished_migration_is_refused_unless_forced()
    {
        var scenario = new PlanScenario().With(1, "VACUUM;", failed: true);
        Assert.Equal([MigrationErrorCode.DirtyMigration], Codes(scenario.Down()));
        Assert.Equal([1], Versions(scenario.Down(new() { Force = true })));
    }

    [Fact]
    public void An_empty_down_script_is_a_caution() =>
        Assert.Single(new PlanScenario().With(1, down: "-- nothing to take back\n", applied: true).Down().Warnings);

    [Fact]
    public void A_piped_selection_starts_at_the_newest()
    {
        Assert.Equal([3, 2], Versions(ThreeApplied.Down(new() { Selection = [2, 3, 4] })));
        Assert.Equal([MigrationErrorCode.NotContiguous], Codes(ThreeApplied.Down(new() { Selection = [1, 3] })));
    }
}
