using VividShift.Migrations.Activity;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Reporting;

namespace VividShift.Migrations.Core.Tests.Reporting;

public sealed class ActivityEntriesTests
{
    static readonly DatabaseActivity AtWork = new()
    {
        ProcessId = 7,
        Role = "app",
        Database = "orders",
        State = ActivityState.Active,
        Duration = TimeSpan.FromSeconds(2),
        Query = "SELECT 1",
        SeenFrom = new DatabaseTarget("db", 5432, "shop", null),
    };

    [Fact]
    public void A_session_at_work_is_as_it_should_be()
    {
        var entry = Only(AtWork);

        Assert.Equal((ReportLevel.Fine, "SessionActive", "pid 7 (role app)"), (entry.Level, entry.Rule, entry.Title));
        Assert.Equal("Active for 2.0 s\nSELECT 1", entry.Message);
        Assert.Equal(("session 7", "orders@db:5432"), (entry.DatabaseObject, entry.Database));
    }

    [Fact]
    public void One_that_waits_is_a_warning_with_the_lock_and_its_holders()
    {
        var entry = Only(AtWork with { BlockedBy = [3, 0], Blocks = [9], WantedLock = "ShareLock on public.a", Query = null });

        Assert.Equal((ReportLevel.Warning, "SessionWaits"), (entry.Level, entry.Rule));
        Assert.Equal(
            "waits for ShareLock on public.a, which session 3, a prepared transaction keeps it from; keeps session 9 waiting; Active for 2.0 s",
            entry.Message);
    }

    [Fact]
    public void One_that_makes_others_wait_is_a_warning() => Assert.Equal(
        (ReportLevel.Warning, "SessionBlocks"), (Only(AtWork with { Blocks = [9] }).Level, Only(AtWork with { Blocks = [9] }).Rule));

    [Theory]
    [InlineData(ActivityState.IdleInTransaction, ReportLevel.Note)]
    [InlineData(ActivityState.IdleInFailedTransaction, ReportLevel.Note)]
    [InlineData(ActivityState.Idle, ReportLevel.Fine)]
    public void One_that_idles_in_a_transaction_is_a_note(ActivityState state, ReportLevel level) =>
        Assert.Equal(level, Only(AtWork with { State = state }).Level);

    [Theory]
    [InlineData(ActivityOutcome.Cancelled, ReportLevel.Fine)]
    [InlineData(ActivityOutcome.Terminated, ReportLevel.Fine)]
    [InlineData(ActivityOutcome.Gone, ReportLevel.Warning)]
    [InlineData(ActivityOutcome.NothingToCancel, ReportLevel.Warning)]
    [InlineData(ActivityOutcome.StillRunning, ReportLevel.Error)]
    [InlineData(ActivityOutcome.Refused, ReportLevel.Error)]
    public void One_that_was_to_be_ended_is_an_error_when_it_is_still_there(ActivityOutcome outcome, ReportLevel level)
    {
        var entry = Only(new StopActivityResult(AtWork, outcome, TimeSpan.FromSeconds(1), "It is not gone.") { RecommendedAction = "Wait." });

        Assert.Equal((level, outcome.ToString(), "It is not gone. Wait."), (entry.Level, entry.State, entry.Message));
        Assert.Equal("SELECT 1", Only(new StopActivityResult(AtWork, outcome, TimeSpan.Zero, null)).Message);
    }

    static ReportEntry Only(object item) => Assert.Single(ReportEntries.Of(item)!);
}
