using VividShift.Migrations.Catalog;
using VividShift.Migrations.Core.Tests.Planning;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Repair;

namespace VividShift.Migrations.Core.Tests.Repair;

public class RepairPlannerTests
{
    [Theory]
    [InlineData("SELECT 1;\n", "SELECT 1;\r\n", "only in line endings (applied with CRLF)")]
    [InlineData("SELECT 1;\n", "\uFEFFSELECT 1;\n", "only in a byte order mark (applied with one)")]
    [InlineData("SELECT 1;\n", "SELECT 1;", "only in the last line break (applied without it)")]
    [InlineData("SELECT 1;", "SELECT 1;\r\n", "only in the last line break (applied with it)")]
    public void What_editors_do_by_themselves_is_mended_and_nothing_else_of_the_row_changes(string now, string then, string reason)
    {
        var plan = Plan(new PlanScenario().With(1, up: now).WithRow(1, Sum(then)), new() { Kind = RepairKind.Checksums });

        var change = Assert.Single(plan.Changes);
        Assert.Equal(change.Before! with { Checksum = Sum(now) }, change.After);
        Assert.EndsWith(reason, change.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT 1;", "SELECT 2;")]
    [InlineData("SELECT 1;", "SELECT 1; ")]
    [InlineData("SELECT\n1;", "SELECT\n\n1;")]
    [InlineData("SELECT 1;", "")]
    public void Anything_else_is_an_edit_and_needs_to_be_accepted_by_name(string now, string then)
    {
        var scenario = new PlanScenario().With(1, up: now).WithRow(1, Sum(then));

        var refused = Plan(scenario, new() { Kind = RepairKind.Checksums, Versions = [1] });
        var all = Plan(scenario, new() { Kind = RepairKind.Checksums, AcceptChange = true });
        var accepted = Plan(scenario, new() { Kind = RepairKind.Checksums, Versions = [1], AcceptChange = true });

        Assert.Empty(refused.Changes);
        Assert.Contains("-Version 1 -AcceptChange", Assert.Single(refused.Refusals).RecommendedAction, StringComparison.Ordinal);
        Assert.Single(all.Refusals);
        Assert.Empty(all.Changes);
        Assert.Equal(Sum(now), Assert.Single(accepted.Changes).After!.Checksum);
    }

    [Fact]
    public void A_pipeline_may_bring_what_needs_nothing_and_a_name_may_not()
    {
        var scenario = new PlanScenario().With(1, applied: true);
        Assert.Empty(Plan(scenario, new() { Kind = RepairKind.Checksums, Versions = [1], Piped = true }).Refusals);
        Assert.Single(Plan(scenario, new() { Kind = RepairKind.Checksums, Versions = [1] }).Refusals);
    }

    [Fact]
    public void What_another_switch_mends_is_told()
    {
        var scenario = new PlanScenario().With(1, failed: true).WithRow(2);
        var all = Plan(scenario, new() { Kind = RepairKind.Checksums });
        Assert.Equal(2, all.Warnings.Count);
        Assert.Contains("-NotApplied", all.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("-Missing", all.Warnings[1], StringComparison.Ordinal);
        Assert.Equal(2, Plan(scenario, new() { Kind = RepairKind.Checksums, Versions = [1, 2], Piped = true }).Refusals.Count);
    }

    [Fact]
    public void Registering_skips_what_is_applied_and_takes_holes_that_were_there()
    {
        var scenario = new PlanScenario().With(1).With(2, applied: true).With(3).With(4);
        Assert.Equal([1L, 3], Plan(scenario, new() { Kind = RepairKind.Register, Target = 3 }).Changes.Select(c => c.Version));
        Assert.Empty(Plan(scenario, new() { Kind = RepairKind.Register, Versions = [3] }).Refusals);
        Assert.Contains(
            "Migration 3",
            Assert.Single(Plan(scenario, new() { Kind = RepairKind.Register, Versions = [4] }).Refusals).Message,
            StringComparison.Ordinal);
        Assert.Empty(Plan(scenario, new() { Kind = RepairKind.Register, Versions = [4], Force = true }).Refusals);
    }

    [Fact]
    public void Registering_a_file_that_no_run_accepts_is_refused()
    {
        var scenario = new PlanScenario().With(1);
        scenario.Findings.Add(
            new("DuplicateVersion", FindingSeverity.Error, "Two files.") { Version = 1, RefusedAs = MigrationErrorCode.DuplicateVersion });
        Assert.Single(Plan(scenario, new() { Kind = RepairKind.Register, Target = 1 }).Refusals);
    }

    [Fact]
    public void Rows_are_taken_out_newest_first()
    {
        var plan = Plan(
            new PlanScenario().With(1, applied: true).With(2, applied: true).With(3, applied: true),
            new() { Kind = RepairKind.Unregister, Versions = [2, 3] });
        Assert.Equal([3L, 2], plan.Changes.Select(c => c.Version));
        Assert.All(plan.Changes, c => Assert.Equal("Remove", c.Action));
    }

    static RepairPlan Plan(PlanScenario scenario, RepairRequest request) => RepairPlanner.Plan(scenario.Context, request);

    static Checksum Sum(string text) => Checksum.Of(System.Text.Encoding.UTF8.GetBytes(text));
}
