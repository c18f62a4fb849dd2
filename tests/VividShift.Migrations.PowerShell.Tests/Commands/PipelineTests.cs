using VividShift.Migrations.History;
using VividShift.Migrations.Planning;
using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class PipelineTests
{
    [Fact]
    public async Task What_is_pending_is_applied_from_the_pipeline()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();

        var results = fixture.Run("Get-VsMigrationStatus | Where Pending | Invoke-VsMigration").WithoutErrors().OutputOf<MigrationResult>();

        Assert.Equal([1L, 2, 3], results.Select(result => result.Version));
        Assert.All(results, result => Assert.Equal(MigrationOutcome.Applied, result.Outcome));
        Assert.Equal([1L, 2, 3], await fixture.AppliedAsync());
        Assert.All(fixture.Run("Get-VsMigrationStatus").OutputOf<MigrationStatus>(), status => Assert.Equal(MigrationState.Applied, status.State));
    }

    [Fact]
    public async Task An_empty_pipeline_does_nothing()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();

        var run = fixture.Run(
            "Get-VsMigrationStatus | Where Applied | Invoke-VsMigration -Verbose; @() | Undo-VsMigration; Invoke-VsMigration -InputObject $null");

        Assert.Empty(run.WithoutErrors().Output);
        Assert.Contains("No migration came down the pipeline: there is nothing to do.", run.Verbose);
        Assert.Empty(await fixture.AppliedAsync());
    }

    [Fact]
    public async Task A_selection_is_applied_and_no_more()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();

        fixture.Run("Get-VsMigrationStatus | Where Version -le 2 | Invoke-VsMigration").WithoutErrors();

        Assert.Equal([1L, 2], await fixture.AppliedAsync());
    }

    [Fact]
    public async Task A_selection_with_a_gap_is_refused()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();

        var error = fixture.Run("Get-VsMigrationStatus | Where Version -ne 2 | Invoke-VsMigration").OnlyError();

        Assert.Equal("NotContiguous,VividShift.Migrations.PowerShell.Commands.InvokeVsMigrationCommand", error.FullyQualifiedErrorId);
        Assert.Empty(await fixture.AppliedAsync());
    }

    [Fact]
    public async Task A_selection_can_be_undone()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();

        fixture.Run("Invoke-VsMigration; Get-VsMigrationStatus | Where Version -gt 1 | Undo-VsMigration -Confirm:$false").WithoutErrors();

        Assert.Equal([1L], await fixture.AppliedAsync());
    }

    [Fact]
    public async Task A_selection_of_another_database_is_refused()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        await using var other = await Workbench.CreateAsync();
        fixture.Session.Set("other", other.Database.Url);

        var error = fixture.Run("Get-VsMigrationStatus | Invoke-VsMigration -ConnectionString $other").OnlyError();

        Assert.Equal("DatabaseMismatch,VividShift.Migrations.PowerShell.Commands.InvokeVsMigrationCommand", error.FullyQualifiedErrorId);
        Assert.Equal(1, Assert.IsType<MigrationStatus>(error.TargetObject).Version);
        Assert.Empty(await other.AppliedAsync());
    }

    [Theory]
    [InlineData("-Target 3")]
    [InlineData("-Count 1")]
    public async Task A_selection_excludes_other_limits(string limit)
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();

        var error = fixture.Run($"Get-VsMigrationStatus | Invoke-VsMigration {limit}").OnlyError();

        Assert.Equal("ParametersExclusive,VividShift.Migrations.PowerShell.Commands.InvokeVsMigrationCommand", error.FullyQualifiedErrorId);
        Assert.Empty(await fixture.AppliedAsync());
    }

    [Fact]
    public async Task A_consumer_that_ends_the_pipeline_stops_the_run_between_two_migrations()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();

        var run = fixture.Run("foreach ($once in 1) { Invoke-VsMigration | ForEach-Object { $_; break } }");

        Assert.Equal([1L], run.OutputOf<MigrationResult>().Select(result => result.Version));
        Assert.Equal([1L], await fixture.AppliedAsync());
        Assert.Equal(0, await fixture.LocksAsync());
    }

    [Fact]
    public async Task Files_come_down_the_pipeline_by_their_PSPath()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Session.Set("files", new[] { fixture.Folder.PathOf("0001_users.up.sql"), fixture.Folder.PathOf("0001_users.down.sql") });

        var statuses = fixture.Run(
            "$PSDefaultParameterValues.Remove('*-Vs*:Path'); $files | ForEach-Object { [pscustomobject]@{ PSPath = $_ } } | Get-VsMigrationStatus")
            .WithoutErrors().OutputOf<MigrationStatus>();

        Assert.Equal([1L], statuses.Select(status => status.Version));
    }
}
