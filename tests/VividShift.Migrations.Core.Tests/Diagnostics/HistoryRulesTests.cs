using VividShift.Migrations.Catalog;
using VividShift.Migrations.Core.Tests.Planning;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Diagnostics.Rules;
using VividShift.Migrations.History;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Repair;

namespace VividShift.Migrations.Core.Tests.Diagnostics;

public class HistoryRulesTests
{
    /// <summary>A condition, the rule it breaks, and the repair that meets it.</summary>
    public static TheoryData<string, string, RepairKind> Conditions => new()
    {
        { "unfinished", "DirtyMigration", RepairKind.Checksums },
        { "unfinished", "DirtyMigration", RepairKind.Unregister },
        { "unfinished", "DirtyMigration", RepairKind.Register },
        { "unfinished without a file", "DirtyMigration", RepairKind.Applied },
        { "edited", "ChecksumMismatch", RepairKind.Checksums },
        { "gone", "MigrationMissing", RepairKind.Checksums },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public void A_condition_has_one_rule_sentence_and_action_from_status_plan_test_undo_and_repair(string condition, string rule, RepairKind repair)
    {
        var scenario = Of(condition);
        var ofStatus = Assert.Single(Assert.Single(
            StatusReport.Of(scenario.Context.Catalog, scenario.Context.History, scenario.Context.Database)).Findings);
        var told = (ofStatus.Rule, ofStatus.Message, ofStatus.RecommendedAction);

        Assert.Equal(rule, told.Rule);
        Assert.Equal(told, Told(scenario.Up().Refusals, rule));
        Assert.Equal(told, Told(TestOf(scenario), rule));
        Assert.Equal(told, Told(RepairPlanner.Plan(scenario.Context, new() { Kind = repair, Versions = [1] }).Refusals, rule));
        // An undo does not ask for the up file.
        if (rule != "MigrationMissing")
        {
            Assert.Equal(told, Told(scenario.Down().Refusals, rule));
        }
    }

    [Fact]
    public void A_late_file_is_told_alike_by_status_plan_and_test()
    {
        var scenario = new PlanScenario().With(1).With(2, applied: true);
        var ofStatus = StatusReport.Of(scenario.Context.Catalog, scenario.Context.History, scenario.Context.Database)[0].Findings;

        Assert.Equal("OutOfOrder", Assert.Single(ofStatus).Rule);
        Assert.Equal(ofStatus, scenario.Up().Refusals);
        Assert.Contains(ofStatus[0], TestOf(scenario));
    }

    [Fact]
    public void A_missing_down_script_is_told_alike_by_undo_and_test()
    {
        var scenario = new PlanScenario().With(1, down: null, applied: true);
        var ofUndo = Assert.Single(scenario.Down().Refusals);

        Assert.Equal(("DownScriptMissing", MigrationErrorCode.Irreversible), (ofUndo.Rule, ofUndo.RefusedAs));
        Assert.Equal(ofUndo, Assert.Single(TestOf(scenario, rollback: true)));
        Assert.Equal(
            ofUndo with { Severity = FindingSeverity.Information, RefusedAs = null }, Assert.Single(TestOf(scenario, rollback: false)));
    }

    [Theory]
    [InlineData("unfinished", RefusalOverrides.Force)]
    [InlineData("unfinished without a file", RefusalOverrides.None)]
    [InlineData("edited", RefusalOverrides.Force)]
    [InlineData("gone", RefusalOverrides.Force | RefusalOverrides.IgnoreMissing)]
    [InlineData("late", RefusalOverrides.Force | RefusalOverrides.AllowOutOfOrder)]
    public void A_refusal_is_lifted_by_its_own_overrides_alone_and_becomes_a_warning(string condition, RefusalOverrides lifting)
    {
        var finding = HistoryRules.Judge(Of(condition).Context.Catalog, Of(condition).Context.History).Select(j => j.Finding).OfType<Finding>().First();
        foreach (var given in new[] { RefusalOverrides.Force, RefusalOverrides.IgnoreMissing, RefusalOverrides.AllowOutOfOrder })
        {
            var left = finding.Under(given);
            Assert.Equal(!lifting.HasFlag(given), left.Refuses);
            Assert.Equal(left.Refuses ? FindingSeverity.Error : FindingSeverity.Warning, left.Severity);
        }
    }

    [Fact]
    public void Every_version_with_a_file_or_a_row_is_judged_once_and_in_order()
    {
        var scenario = new PlanScenario().WithRow(5).With(3).With(1, applied: true).WithRow(2).With(9);
        Assert.Equal(
            [
                (1L, MigrationState.Applied), (2, MigrationState.Missing), (3, MigrationState.OutOfOrder), (5, MigrationState.Missing),
                (9, MigrationState.Pending),
            ],
            HistoryRules.Judge(scenario.Context.Catalog, scenario.Context.History).Select(j => (j.Version, j.State)));
    }

    static PlanScenario Of(string condition) => condition switch
    {
        "unfinished" => new PlanScenario().With(1, "VACUUM;", failed: true),
        "unfinished without a file" => new PlanScenario().WithRow(1, success: false),
        "edited" => new PlanScenario().With(1).WithRow(1, Checksum.Of("other"u8)),
        "gone" => new PlanScenario().WithRow(1),
        "late" => new PlanScenario().With(1).With(2, applied: true),
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "Not known."),
    };

    static (string Rule, string Message, string? RecommendedAction) Told(IEnumerable<Finding> findings, string rule)
    {
        var finding = Assert.Single(findings, f => f.Rule == rule);
        return (finding.Rule, finding.Message, finding.RecommendedAction);
    }

    static IEnumerable<Finding> TestOf(PlanScenario scenario, bool rollback = false) => MigrationRules.Check(new()
    {
        Catalog = scenario.Context.Catalog,
        History = scenario.Context.History,
        Scripts = [],
        Rollback = rollback,
    });
}
