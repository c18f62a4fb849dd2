using System.Management.Automation;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Planning;
using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class ErrorTests
{
    [Fact]
    public async Task A_failing_statement_says_where_and_what_state_the_database_is_in()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        var file = fixture.Folder.Add("0004_wrong.sql", "CREATE TABLE fine (id int);\nSELECT nothing_there;\n");

        var run = fixture.Run("Invoke-VsMigration");

        var error = run.OnlyError();
        Assert.Equal(3, run.Output.Count);
        Assert.Equal("MigrationFailed,VividShift.Migrations.PowerShell.Commands.InvokeVsMigrationCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidResult, error.CategoryInfo.Category);
        Assert.Contains($"{file}:2:8", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Equal("42703", Assert.IsType<MigrationException>(error.Exception).Sql!.SqlState);
        Assert.Equal([1L, 2, 3], await fixture.AppliedAsync());
        Assert.Equal(0, await fixture.LocksAsync());
    }

    [Fact]
    public async Task An_edited_file_is_refused_and_force_turns_it_into_a_warning()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Run("Invoke-VsMigration -Count 1").WithoutErrors();
        fixture.Folder.Add("0001_users.up.sql", "CREATE TABLE users (id int);\n");

        var error = fixture.Run("Invoke-VsMigration").OnlyError();
        var forced = fixture.Run("Invoke-VsMigration -Force").WithoutErrors();

        Assert.Equal("ChecksumMismatch,VividShift.Migrations.PowerShell.Commands.InvokeVsMigrationCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.Contains("no longer the same", Assert.Single(forced.Warnings), StringComparison.Ordinal);
        Assert.Equal([1L, 2, 3], await fixture.AppliedAsync());
    }

    [Fact]
    public async Task A_plan_shows_its_steps_and_then_each_refusal()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Run("Invoke-VsMigration -Count 2").WithoutErrors();
        fixture.Folder.Add("0001_users.up.sql", "SELECT 1;\n");
        fixture.Folder.Remove("0002_orders.up.sql");
        fixture.Folder.Remove("0002_orders.down.sql");

        var run = fixture.Run("Get-VsMigrationPlan");

        Assert.Equal([3L], run.OutputOf<PlanStep>().Select(step => step.Version));
        Assert.Equal(["ChecksumMismatch", "MigrationMissing"], run.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]).Order());
    }

    [Fact]
    public async Task A_refused_plan_has_no_script()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Run("Invoke-VsMigration -Count 1").WithoutErrors();
        fixture.Folder.Add("0001_users.up.sql", "SELECT 1;\n");

        var run = fixture.Run("Get-VsMigrationPlan -AsSql");

        Assert.Empty(run.Output);
        Assert.Equal("ChecksumMismatch,VividShift.Migrations.PowerShell.Commands.GetVsMigrationPlanCommand", run.OnlyError().FullyQualifiedErrorId);
    }

    [Fact]
    public async Task A_plan_is_one_string_of_SQL_when_asked_for()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();

        var script = Assert.Single(fixture.Run("Get-VsMigrationPlan -AsSql").WithoutErrors().OutputOf<string>());

        Assert.Contains("CREATE TABLE users", script, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_not_there_is_a_connection_error_about_the_database()
    {
        using var session = new PowerShellSession();

        var error = session.Run("Get-VsMigrationStatus -LiteralPath . -Server 127.0.0.1 -Port 1 -Database nowhere").OnlyError();

        Assert.Equal("ConnectionFailed,VividShift.Migrations.PowerShell.Commands.GetVsMigrationStatusCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ConnectionError, error.CategoryInfo.Category);
        Assert.Equal("nowhere", Assert.IsType<DatabaseTarget>(error.TargetObject).Database);
    }

    [Fact]
    public async Task No_password_is_shown_at_any_verbosity()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        var url = new UriBuilder(fixture.Database.Url) { Password = "not-the-password-7431" }.Uri;
        fixture.Session.Set("url", url.ToString());

        var run = fixture.Run("$VerbosePreference = $DebugPreference = 'Continue'; Invoke-VsMigration -ConnectionString $url");

        Assert.Equal("AuthenticationFailed", run.OnlyError().FullyQualifiedErrorId.Split(',')[0]);
        Assert.NotEmpty(run.Verbose);

        var seen = string.Join(
            '\n',
            [run.Shown, .. run.Errors.Select(error => $"{error}{error.Exception}{error.TargetObject}"), .. run.Verbose, .. run.Debug]);
        Assert.DoesNotContain("not-the-password-7431", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Path nowhere/*")]
    [InlineData("-LiteralPath nowhere")]
    [InlineData("-LiteralPath Function:\\prompt")]
    [InlineData("-LiteralPath Nothing:\\there")]
    public void A_path_that_is_no_file_is_refused_by_name(string parameters)
    {
        using var session = new PowerShellSession();

        var error = session.Run($"Get-VsMigrationStatus {parameters}").OnlyError();

        Assert.Equal("PathNotFound,VividShift.Migrations.PowerShell.Commands.GetVsMigrationStatusCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        Assert.Equal(parameters.Split(' ')[1], error.TargetObject);
    }

    [Theory]
    [InlineData("Get-VsMigrationStatus -Server a -ConnectionString b")]
    [InlineData("Get-VsMigrationStatus -Sandbox -Server a")]
    [InlineData("Get-VsMigrationStatus -Sandbox -ConnectionString b")]
    public void Where_the_database_is_can_be_said_in_one_way(string command)
    {
        using var session = new PowerShellSession();

        Assert.StartsWith("AmbiguousParameterSet,", session.Run(command).OnlyError().FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_default_for_one_way_yields_to_another_way_that_is_typed()
    {
        using var session = new PowerShellSession();

        var error = session.Run(
            "$PSDefaultParameterValues = @{ '*-Vs*:ConnectionString' = 'postgresql://127.0.0.1:2/default' }; "
            + "Get-VsMigrationStatus -LiteralPath . -Server 127.0.0.1 -Port 1 -Database typed").OnlyError();

        Assert.Equal("typed", Assert.IsType<DatabaseTarget>(error.TargetObject).Database);
    }

    [Fact]
    public void Two_limits_of_an_undo_exclude_each_other()
    {
        using var session = new PowerShellSession();

        var error = session.Run("Undo-VsMigration -Target 1 -All -Confirm:$false").OnlyError();

        Assert.Equal("ParametersExclusive,VividShift.Migrations.PowerShell.Commands.UndoVsMigrationCommand", error.FullyQualifiedErrorId);
        Assert.Equal("-Target and -All exclude each other. Give one of them.", error.Exception.Message);
    }

    [Fact]
    public void Every_error_code_has_a_category()
    {
        using var session = new PowerShellSession();
        session.Set("codes", Enum.GetValues<MigrationErrorCode>());

        var categories = session.Run(
            """
            $records = [VividShift.Migrations.PowerShell.VsCmdlet].Assembly.GetType('VividShift.Migrations.PowerShell.ErrorRecords')
            foreach ($code in $codes) {
                $records.GetMethod('From').Invoke($null, @([VividShift.Migrations.MigrationException]::new($code, 'text', $null))).CategoryInfo.Category
            }
            """).WithoutErrors().OutputOf<ErrorCategory>();

        Assert.Equal(Enum.GetValues<MigrationErrorCode>().Length, categories.Count);
        Assert.DoesNotContain(ErrorCategory.NotSpecified, categories);
    }
}
