using VividShift.Migrations.Catalog;
using VividShift.Migrations.Core.Tests.Planning;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Repair;

namespace VividShift.Migrations.Core.Tests.Diagnostics;

/// <summary>All problems at once, never only the first.</summary>
public class AllProblemsTests
{
    [Fact]
    public void A_run_is_refused_for_every_reason_there_is_at_once()
    {
        var scenario = new PlanScenario()
            .With(1).WithRow(1, Checksum.Of("other"u8))
            .WithRow(2)
            .With(3, "VACUUM;", failed: true)
            .With(4, "COMMIT;")
            .With(5, applied: true)
            .With(6, "SELECT 'open");
        scenario.Findings.Add(Finding.Refusal(MigrationErrorCode.DuplicateVersion, "Two files.", "Rename one.") with { Version = 6 });

        var plan = scenario.Up(new() { Transaction = TransactionMode.All });

        Assert.Equal(
            [
                "DuplicateVersion", "ChecksumMismatch", "MigrationMissing", "DirtyMigration", "OutOfOrder", "TransactionControl", "UnterminatedString",
            ],
            plan.Refusals.Select(f => f.Rule));
    }

    [Fact]
    public void An_undo_is_refused_for_every_reason_there_is_at_once()
    {
        var scenario = new PlanScenario()
            .With(1, down: null, applied: true)
            .With(2).WithRow(2, Checksum.Of("other"u8))
            .With(3, "VACUUM;", failed: true)
            .With(4, down: "COMMIT;", applied: true)
            .WithRow(5);

        Assert.Equal(
            ["DownScriptMissing", "DirtyMigration", "ChecksumMismatch", "DownScriptMissing", "TransactionControl"],
            scenario.Down(new() { All = true }).Refusals.Select(f => f.Rule));
    }

    [Fact]
    public void A_repair_is_refused_for_every_version_at_once()
    {
        var scenario = new PlanScenario().With(1).WithRow(1, Checksum.Of("other"u8)).WithRow(2).With(3, "VACUUM;", failed: true).With(4, applied: true);
        var plan = RepairPlanner.Plan(scenario.Context, new() { Kind = RepairKind.Checksums, Versions = [1, 2, 3, 4, 9] });

        Assert.Equal(
            [9L, 1, 2, 3, 4], plan.Refusals.Select(f => f.Version!.Value));
        Assert.All(plan.Refusals, f => Assert.Equal(MigrationErrorCode.RepairRefused, f.RefusedAs));
    }

    [Fact]
    public void The_error_of_a_plan_tells_the_first_refusal_and_counts_the_others()
    {
        var plan = new PlanScenario().With(1, "COMMIT;").WithRow(2).Up(new() { AllowOutOfOrder = true });

        var error = Assert.Throws<MigrationException>(plan.ThrowIfRefused);

        Assert.Equal((MigrationErrorCode.MigrationMissing, 2), (error.Code, error.Findings.Count));
        Assert.Equal(plan.Refusals[0].RecommendedAction, error.RecommendedAction);
        Assert.StartsWith($"{plan.Refusals[0].Message} Nothing was changed. {error.RecommendedAction}", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"(1 more: {plan.Refusals[1].Message})", error.Message, StringComparison.Ordinal);
        Assert.Equal(plan.Refusals[0], error.Target);
    }

    [Fact]
    public void The_error_of_a_place_in_a_file_begins_with_it()
    {
        var error = Assert.Throws<MigrationException>(new PlanScenario().With(1, "SELECT 1;\nCOMMIT;").Up().ThrowIfRefused);
        Assert.StartsWith("/m/1_m1.up.sql:2:1: COMMIT within a migration", error.Message, StringComparison.Ordinal);
        Assert.Equal("COMMIT;", error.Location!.LineText);
    }

    [Fact]
    public void What_refuses_nothing_throws_nothing() => new PlanScenario().With(1, down: null).Up().ThrowIfRefused();
}
