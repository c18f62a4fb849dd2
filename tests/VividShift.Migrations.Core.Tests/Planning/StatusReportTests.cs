using VividShift.Migrations.Catalog;
using VividShift.Migrations.History;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Core.Tests.Planning;

public class StatusReportTests
{
    static IReadOnlyList<MigrationStatus> Report(PlanScenario scenario) =>
        StatusReport.Of(scenario.Context.Catalog, scenario.Context.History, scenario.Context.Database);

    [Fact]
    public void Each_state_is_told_apart()
    {
        var statuses = Report(new PlanScenario()
            .With(1, applied: true)
            .With(2).WithRow(2, Checksum.Of("other"u8))
            .WithRow(3)
            .With(4)
            .With(5, "VACUUM;", failed: true)
            .With(6));
        Assert.Equal(
            [
                MigrationState.Applied, MigrationState.Modified, MigrationState.Missing,
                MigrationState.OutOfOrder, MigrationState.Failed, MigrationState.Pending,
            ],
            statuses.Select(s => s.State));
        Assert.Equal([false, false, false, true, false, true], statuses.Select(s => s.Pending));
        Assert.Equal([true, true, true, false, false, false], statuses.Select(s => s.Applied));
        Assert.Equal([false, true, true, true, true, false], statuses.Select(s => s.Problem is not null));
    }

    [Fact]
    public void The_duration_is_read_from_nanoseconds()
    {
        var status = Assert.Single(Report(new PlanScenario().With(1, applied: true)));
        Assert.Equal(TimeSpan.FromMilliseconds(1.5), status.Duration);
    }

    [Fact]
    public void A_difference_of_line_endings_is_told_as_such()
    {
        var scenario = new PlanScenario().With(1, "SELECT 1;\n").WithRow(1, Checksum.Of("SELECT 1;\r\n"u8));
        Assert.Contains("only in line endings (applied with CRLF)", Assert.Single(Report(scenario)).Problem!, StringComparison.Ordinal);
    }

    [Fact]
    public void What_only_looks_transactional_is_told_apart() => Assert.Equal(
        [true, false, false],
        Report(new PlanScenario().With(1).With(2, "-- no-transaction\nSELECT 1;").With(3, "VACUUM;")).Select(s => s.Transactional));
}
