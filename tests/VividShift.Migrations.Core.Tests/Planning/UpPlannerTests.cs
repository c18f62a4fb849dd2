using FsCheck;
using FsCheck.Fluent;
using VividShift.Migrations.Catalog;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Planning;
using static VividShift.Migrations.Core.Tests.Planning.PlanScenario;

namespace VividShift.Migrations.Core.Tests.Planning;

public class UpPlannerTests
{
    [Fact]
    public void Everything_pending_runs_in_order_of_version()
    {
        var plan = new PlanScenario().With(10).With(9).With(2, applied: true).Up();
        Assert.Equal([9, 10], Versions(plan));
        Assert.Empty(plan.Refusals);
    }

    [Fact]
    public void The_target_is_inclusive() => Assert.Equal([1, 2], Versions(new PlanScenario().With(1).With(2).With(3).Up(new() { Target = 2 })));

    [Fact]
    public void A_count_limits() =>
        Assert.Equal([2, 3], Versions(new PlanScenario().With(1, applied: true).With(2).With(3).With(4).Up(new() { Count = 2 })));

    [Fact]
    public void A_target_in_no_file_is_refused() =>
        Assert.Equal([MigrationErrorCode.TargetInvalid], Codes(new PlanScenario().With(1).Up(new() { Target = 7 })));

    [Fact]
    public void A_target_behind_the_newest_applied_is_refused_with_the_command_for_it()
    {
        var refusal = Assert.Single(new PlanScenario().With(1, applied: true).With(2, applied: true).Up(new() { Target = 1 }).Refusals);
        Assert.Equal(MigrationErrorCode.TargetInvalid, refusal.RefusedAs);
        Assert.Contains("Undo-VsMigration -Target 1", refusal.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void An_edited_file_is_refused_even_above_the_target()
    {
        var plan = new PlanScenario().With(1).With(5).WithRow(5, Checksum.Of("other"u8)).Up(new() { Target = 1, AllowOutOfOrder = true });
        Assert.Contains(MigrationErrorCode.ChecksumMismatch, Codes(plan));
    }

    [Fact]
    public void A_missing_file_is_refused_unless_it_is_ignored()
    {
        var scenario = new PlanScenario().WithRow(1).With(2);
        Assert.Equal([MigrationErrorCode.MigrationMissing], Codes(scenario.Up()));
        var plan = scenario.Up(new() { IgnoreMissing = true });
        Assert.Empty(plan.Refusals);
        Assert.Single(plan.Warnings);
    }

    [Fact]
    public void A_late_file_is_refused_unless_it_is_allowed()
    {
        var scenario = new PlanScenario().With(1).With(2, applied: true).With(3);
        Assert.Equal([MigrationErrorCode.OutOfOrder], Codes(scenario.Up()));
        Assert.Equal([1, 3], Versions(scenario.Up(new() { AllowOutOfOrder = true })));
        Assert.Empty(Codes(scenario.Up(new() { AllowOutOfOrder = true })));
    }

    [Fact]
    public void A_failed_row_is_refused_and_runs_again_by_force()
    {
        var scenario = new PlanScenario().With(1, "VACUUM;", failed: true).With(2);
        Assert.Equal([MigrationErrorCode.DirtyMigration], Codes(scenario.Up()));
        var plan = scenario.Up(new() { Force = true });
        Assert.Equal([1, 2], Versions(plan));
        Assert.True(plan.Steps[0].RetriesFailed);
        Assert.False(plan.Steps[1].RetriesFailed);
        Assert.Empty(plan.Refusals);
    }

    [Fact]
    public void A_failed_row_without_a_file_is_refused_even_by_force() =>
        Assert.Equal([MigrationErrorCode.DirtyMigration], Codes(new PlanScenario().WithRow(1, success: false).With(2).Up(new() { Force = true })));

    [Fact]
    public void A_finding_that_refuses_is_a_refusal_whatever_is_forced()
    {
        var scenario = new PlanScenario().With(1);
        scenario.Findings.Add(
            new("DuplicateVersion", FindingSeverity.Error, "two") { Version = 1, RefusedAs = MigrationErrorCode.DuplicateVersion });
        Assert.Equal([MigrationErrorCode.DuplicateVersion], Codes(scenario.Up(new() { Force = true })));
    }

    [Fact]
    public void Force_turns_refusals_into_cautions_that_name_them()
    {
        var plan = new PlanScenario().WithRow(1).With(2).With(3).WithRow(3, Checksum.Of("other"u8)).Up(new() { Force = true });
        Assert.Empty(plan.Refusals);
        Assert.Equal(3, plan.Warnings.Count);
        Assert.All(plan.Warnings, c => Assert.EndsWith("as asked.", c, StringComparison.Ordinal));
    }

    [Fact]
    public void A_piped_selection_is_a_prefix_of_what_is_pending()
    {
        var scenario = new PlanScenario().With(1, applied: true).With(2).With(3).With(4);
        Assert.Equal([2, 3], Versions(scenario.Up(new() { Selection = [3, 1, 2] })));
        Assert.Equal([MigrationErrorCode.NotContiguous], Codes(scenario.Up(new() { Selection = [2, 4] })));
        Assert.Equal([MigrationErrorCode.NotContiguous], Codes(scenario.Up(new() { Selection = [2, 99] })));
        Assert.Empty(Versions(scenario.Up(new() { Selection = [] })));
    }

    [Fact]
    public void Transactions_are_drawn_by_header_and_by_statements()
    {
        var plan = new PlanScenario()
            .With(1, "CREATE TABLE a ();")
            .With(2, "-- no-transaction\nSELECT 1;")
            .With(3, "CREATE INDEX CONCURRENTLY i ON a (b);")
            .Up();
        Assert.Equal([true, false, false], plan.Steps.Select(s => s.Transactional));
        Assert.Contains("CREATE INDEX CONCURRENTLY", plan.Steps[2].NonTransactionalReason!, StringComparison.Ordinal);
    }

    [Fact]
    public void One_transaction_is_refused_when_a_file_must_run_outside_one() =>
        Assert.Equal(
            [MigrationErrorCode.TransactionImpossible],
            Codes(new PlanScenario().With(1).With(2, "VACUUM;").Up(new() { Transaction = TransactionMode.All })));

    [Theory]
    [InlineData("BEGIN;\nCREATE TABLE a ();\nCOMMIT;", true)]
    [InlineData("START TRANSACTION ISOLATION LEVEL SERIALIZABLE; SELECT 1; END;", true)]
    [InlineData("CREATE TABLE a (); COMMIT; CREATE TABLE b ();", false)]
    [InlineData("BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT;", false)]
    [InlineData("SELECT 1; ROLLBACK;", false)]
    [InlineData("BEGIN; VACUUM; COMMIT;", false)]
    [InlineData("\\i other.sql\n", false)]
    [InlineData("COPY t TO STDOUT;", false)]
    [InlineData("-- no-transaction\nSAVEPOINT s;", false)]
    [InlineData("SELECT 'never ends", false)]
    public void A_files_own_outer_transaction_is_ours_and_other_control_is_refused_with_its_place(string sql, bool runs)
    {
        var plan = new PlanScenario().With(1, sql).Up();
        Assert.Equal(runs, plan.Refusals.Count == 0);
        Assert.All(plan.Refusals, r => Assert.Equal("/m/1_m1.up.sql", r.Location!.Path));
    }

    [Fact]
    public void The_plan_of_a_run_that_went_well_is_empty()
    {
        var versions = Gen.Choose(1, 40).Select(i => (long)i).ListOf().Select(l => l.Distinct().ToList());
        Prop.ForAll(versions.ToArbitrary(), list =>
        {
            var before = list.Aggregate(new PlanScenario(), (s, v) => s.With(v));
            var plan = before.Up();
            var after = list.Aggregate(new PlanScenario(), (s, v) => s.With(v, applied: true));
            return Versions(plan).SequenceEqual(list.Order()) && after.Up() is { Steps.Count: 0, Refusals.Count: 0 }
                && Versions(after.Down(new() { All = true })).SequenceEqual(list.OrderDescending());
        }).QuickCheckThrowOnFailure();
    }
}
