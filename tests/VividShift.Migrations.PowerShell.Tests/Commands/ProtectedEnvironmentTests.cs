using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

/// <summary>What <c>"protected": true</c> asks of whom.</summary>
public sealed class ProtectedEnvironmentTests
{
    [Fact]
    public async Task A_cmdlet_that_never_asks_asks()
    {
        await using var fixture = await ProtectedAsync();
        fixture.Session.Answer("Yes", "No");

        var run = fixture.Run("Invoke-VsMigration -Environment prod").WithoutErrors();

        Assert.Equal(2, run.Prompts.Count);
        Assert.Contains("'prod' is protected", run.Prompts[0].Caption, StringComparison.Ordinal);
        Assert.Contains($"\"Apply 0001_users.up.sql\" on target \"{fixture.Target}\"", run.Prompts[0].Message, StringComparison.Ordinal);
        Assert.Equal([1L], await fixture.AppliedAsync());
    }

    [Theory]
    [InlineData("Yes to All", 1, 3)]
    [InlineData("No to All", 1, 0)]
    public async Task One_answer_decides_everything(string answer, int prompts, int applied)
    {
        await using var fixture = await ProtectedAsync();
        fixture.Session.Answer(answer);

        var run = fixture.Run("Invoke-VsMigration -Environment prod").WithoutErrors();

        Assert.Equal((prompts, applied), (run.Prompts.Count, (await fixture.AppliedAsync()).Count));
    }

    [Theory]
    [InlineData("Invoke-VsMigration -Environment prod -Confirm:$false", 0, 3)]
    [InlineData("$ConfirmPreference = 'None'; Invoke-VsMigration -Environment prod", 0, 3)]
    [InlineData("Invoke-VsMigration -Environment dev", 0, 3)]
    [InlineData("Invoke-VsMigration -Environment prod -WhatIf", 0, 0)]
    [InlineData("Invoke-VsMigration -Environment prod -Count 1 -Confirm", 1, 1)]
    [InlineData("$ConfirmPreference = 'Medium'; Invoke-VsMigration -Environment prod -Count 1", 1, 1)]
    [InlineData("Invoke-VsMigration -Environment prod -Count 1 -Force", 1, 1)]
    public async Task It_is_asked_once_or_not_at_all(string command, int prompts, int applied)
    {
        await using var fixture = await ProtectedAsync();
        fixture.Session.Answer("Yes");

        var run = fixture.Run(command).WithoutErrors();

        Assert.Equal((prompts, applied), (run.Prompts.Count, (await fixture.AppliedAsync()).Count));
    }

    [Fact]
    public async Task Where_nobody_is_it_is_refused_with_the_way_out()
    {
        await using var fixture = await ProtectedAsync();
        fixture.Session.LeaveAlone();

        var error = fixture.Run("Invoke-VsMigration -Environment prod").OnlyError();

        Assert.StartsWith("EnvironmentProtected,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("-Confirm:$false", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(await fixture.AppliedAsync());
    }

    [Theory]
    [InlineData("-Confirm:$false")]
    [InlineData("-Confirm:$false -Force")]
    public async Task Undo_takes_the_typed_name_and_nothing_else(string parameters)
    {
        await using var fixture = await ProtectedAsync();
        fixture.Run("Invoke-VsMigration").WithoutErrors();
        fixture.Session.Type("yes");
        fixture.Session.Type("Prod");
        fixture.Session.Type(" prod ");

        foreach (var typed in new[] { "yes", "Prod" })
        {
            var error = fixture.Run($"Undo-VsMigration -Environment prod {parameters}").OnlyError();
            Assert.StartsWith("EnvironmentProtected,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains($"'{typed}' was typed instead", error.ErrorDetails.Message, StringComparison.Ordinal);
        }

        Assert.Equal([1L, 2, 3], await fixture.AppliedAsync());
        var run = fixture.Run($"Undo-VsMigration -Environment prod {parameters}").WithoutErrors();
        Assert.Contains($"Undo 1 migration(s) of {fixture.Target}", run.Shown, StringComparison.Ordinal);
        Assert.Equal([1L, 2], await fixture.AppliedAsync());
    }

    [Fact]
    public async Task The_name_can_be_given_and_is_not_taken_for_another()
    {
        await using var fixture = await ProtectedAsync();
        fixture.Run("Invoke-VsMigration").WithoutErrors();
        fixture.Session.LeaveAlone();

        var error = fixture.Run("Undo-VsMigration -Environment prod -Confirm:$false -ConfirmEnvironment dev").OnlyError();
        Assert.Contains("'dev' was given instead", error.ErrorDetails.Message, StringComparison.Ordinal);
        error = fixture.Run("Undo-VsMigration -Environment prod -Confirm:$false").OnlyError();
        Assert.Contains("nobody can be asked here", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Contains("-ConfirmEnvironment prod", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal([1L, 2, 3], await fixture.AppliedAsync());

        fixture.Run("Undo-VsMigration -Environment prod -Confirm:$false -ConfirmEnvironment prod").WithoutErrors();
        Assert.Equal([1L, 2], await fixture.AppliedAsync());
    }

    [Fact]
    public async Task The_questions_come_before_the_name()
    {
        await using var fixture = await ProtectedAsync();
        fixture.Run("Invoke-VsMigration").WithoutErrors();
        fixture.Session.Answer("No", "Yes", "No");

        fixture.Run("Undo-VsMigration -Environment prod -All").WithoutErrors();
        Assert.Equal([1L, 2, 3], await fixture.AppliedAsync());

        fixture.Session.Type("prod");
        var run = fixture.Run("Undo-VsMigration -Environment prod -All").WithoutErrors();
        Assert.Equal(2, run.Prompts.Count);
        Assert.Equal([1L, 2], await fixture.AppliedAsync());
    }

    [Theory]
    [InlineData("Undo-VsMigration -Environment prod -All -WhatIf")]
    [InlineData("Undo-VsMigration -Environment prod -All -WhatIf -ConfirmEnvironment wrong")]
    public async Task WhatIf_asks_nothing(string command)
    {
        await using var fixture = await ProtectedAsync();
        fixture.Run("Invoke-VsMigration").WithoutErrors();
        fixture.Session.LeaveAlone();

        var run = fixture.Run(command).WithoutErrors();

        Assert.Equal(3, run.Shown.Split('\n').Count(line => line.StartsWith("What if:", StringComparison.Ordinal)));
        Assert.Equal([1L, 2, 3], await fixture.AppliedAsync());
    }

    static async Task<Workbench> ProtectedAsync()
    {
        var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Folder.Add("vividshift.json", "{}");
        fixture.Folder.Add("vividshift.prod.json", "{ \"protected\": true }");
        return fixture;
    }
}
