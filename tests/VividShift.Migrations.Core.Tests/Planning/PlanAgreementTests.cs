using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Core.Tests.Planning;

public class PlanAgreementTests
{
    static readonly MigrationPlan Agreed = new PlanScenario().With(1).With(2).With(3).Up();

    [Fact]
    public void Only_what_was_agreed_to_runs() =>
        Assert.Equal([1, 2], PlanAgreement.StepsToRun(Agreed, 2, Agreed).Select(s => s.Version));

    [Fact]
    public void What_another_runner_applied_meanwhile_is_left_out()
    {
        var now = new PlanScenario().With(1, applied: true).With(2).With(3).Up();
        Assert.Equal([2, 3], PlanAgreement.StepsToRun(Agreed, 3, now).Select(s => s.Version));
        var allDone = new PlanScenario().With(1, applied: true).With(2, applied: true).With(3, applied: true).Up();
        Assert.Empty(PlanAgreement.StepsToRun(Agreed, 3, allDone));
    }

    [Fact]
    public void A_version_that_was_not_agreed_to_stops_the_run()
    {
        var now = new PlanScenario().With(0).With(1).With(2).With(3).Up();
        var error = Assert.Throws<MigrationException>(() => PlanAgreement.StepsToRun(Agreed, 3, now));
        Assert.Equal(MigrationErrorCode.PlanChanged, error.Code);
    }

    [Fact]
    public void Undoing_what_somebody_else_undid_stops_the_run()
    {
        var agreed = new PlanScenario().With(1, applied: true).With(2, applied: true).Down();
        var now = new PlanScenario().With(1, applied: true).With(2).Down();
        Assert.Equal(MigrationErrorCode.PlanChanged, Assert.Throws<MigrationException>(() => PlanAgreement.StepsToRun(agreed, 1, now)).Code);
    }
}
