using VividShift.Migrations.Core.Tests.Planning;
using VividShift.Migrations.Repair;

namespace VividShift.Migrations.Core.Tests.Repair;

public class SqlxCompatibilityResultTests
{
    [Fact]
    public void It_stops_in_sqlxs_order_and_in_its_words()
    {
        Assert.Equal("sqlx would stop: migration 3 is partially applied; fix and remove row from `_sqlx_migrations` table",
            Of(new PlanScenario().With(1, applied: true).WithRow(2).With(3, failed: true)));
        Assert.Equal("sqlx would stop: migration 2 was previously applied but is missing in the resolved migrations",
            Of(new PlanScenario().WithRow(2).With(3).WithRow(3)));
        Assert.Equal("sqlx would stop: migration 3 was previously applied but has been modified", Of(new PlanScenario().With(3).WithRow(3)));
        Assert.Equal(
            "sqlx would go on: it would apply 2 pending migration(s), beginning with 1",
            Of(new PlanScenario().With(1).With(2, applied: true).With(3)));
        Assert.Equal("sqlx would go on: it would find nothing to do", Of(new PlanScenario().With(1, applied: true)));
    }

    [Fact]
    public void A_plan_tells_what_is_left_after_it()
    {
        var plan = RepairPlanner.Plan(new PlanScenario().With(1, failed: true).With(2).Context, new() { Kind = RepairKind.NotApplied, Versions = [1] });
        Assert.True(plan.VerdictAfter([]).Stops);
        Assert.Equal("sqlx would go on: it would apply 2 pending migration(s), beginning with 1", $"{plan.VerdictAfter(plan.Changes)}");
    }

    static string Of(PlanScenario scenario) => SqlxCompatibilityResult.Of(scenario.Context.Catalog, scenario.Context.History.Rows).ToString();
}
