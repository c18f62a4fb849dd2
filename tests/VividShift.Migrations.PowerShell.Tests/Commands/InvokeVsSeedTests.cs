using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class InvokeVsSeedTests
{
    [Fact]
    public async Task Results_come_file_by_file_and_show_as_a_table()
    {
        await using var fixture = await CreateAsync();

        var results = fixture.Run("Invoke-VsSeed").WithoutErrors().OutputOf<SeedResult>();

        Assert.Equal(["common/1_users.csv", "dev/2_more.sql"], results.Select(result => result.Name));
        Assert.Equal(("public.users", 2L, 0L, 0L), (results[0].Table, results[0].Inserted, results[0].Updated, results[0].Unchanged));
        Assert.Null(results[1].Inserted);
        var shown = fixture.Session.Show("Invoke-VsSeed users -Force; Invoke-VsSeed").Split('\n');
        Assert.Matches("^Outcome +Name +Rows +Duration$", shown[1]);
        Assert.Matches(@"^\+ Seeded +common/1_users.csv +0 new, 0 changed, 2 same +[0-9.]+ m?s$", shown[3]);
        Assert.Matches("^= Unchanged +common/1_users.csv *$", shown[4]);
        Assert.All(shown, line => Assert.InRange(line.Length, 0, 100));
    }

    [Fact]
    public async Task WhatIf_names_each_file_that_would_run_and_writes_nothing()
    {
        await using var fixture = await CreateAsync();

        var run = fixture.Run("Invoke-VsSeed -WhatIf").WithoutErrors();

        Assert.Empty(run.Output);
        Assert.Contains(
            $"What if: Performing the operation \"Seed users from common/1_users.csv\" on target \"{fixture.Target}\".",
            run.Shown,
            StringComparison.Ordinal);
        Assert.Contains("\"Run seed dev/2_more.sql\"", run.Shown, StringComparison.Ordinal);
        Assert.Equal(0L, await fixture.Database.ScalarAsync<long>("SELECT count(*) FROM users"));
        Assert.True(await fixture.Database.ScalarAsync<bool>("SELECT to_regnamespace('vividshift') IS NULL"));
        fixture.Run("Invoke-VsSeed").WithoutErrors();
        Assert.Empty(fixture.Run("Invoke-VsSeed -WhatIf").WithoutErrors().Shown.Trim());
    }

    [Fact]
    public async Task The_first_No_ends_the_list()
    {
        await using var fixture = await CreateAsync();
        fixture.Session.Answer("Yes", "No");

        var run = fixture.Run("Invoke-VsSeed -Confirm").WithoutErrors();

        Assert.Equal(2, run.Prompts.Count);
        Assert.Equal("common/1_users.csv", Assert.Single(run.OutputOf<SeedResult>()).Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Force -Confirm:$false")]
    [InlineData("-WhatIf")]
    public async Task A_protected_environment_is_refused_whatever_is_said(string parameters)
    {
        await using var fixture = await CreateAsync();
        fixture.Folder.Add("vividshift.prod.json", "{ \"protected\": true }");

        var error = fixture.Run($"Invoke-VsSeed -Environment prod {parameters}").OnlyError();

        Assert.StartsWith("EnvironmentProtected,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(0L, await fixture.Database.ScalarAsync<long>("SELECT count(*) FROM users"));
    }

    [Fact]
    public async Task An_error_names_file_line_and_column_and_keeps_what_came_before()
    {
        await using var fixture = await CreateAsync();
        var path = fixture.Folder.Add("seeds/dev/0_users.csv", "id,name\n7,g\nseven,h\n");

        var run = fixture.Run("Invoke-VsSeed");

        var error = run.OnlyError();
        Assert.StartsWith("SeedFailed,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith(
            $"{path}:3: invalid input syntax for type integer: \"seven\" (SQLSTATE 22P02, column id).",
            error.ErrorDetails.Message,
            StringComparison.Ordinal);
        Assert.Equal("common/1_users.csv", Assert.Single(run.OutputOf<SeedResult>()).Name);
    }

    [Fact]
    public async Task Another_folder_and_single_files_can_be_named()
    {
        await using var fixture = await CreateAsync();
        fixture.Folder.Add("demo/1_users.csv", "id,name\n8,h\n");

        Assert.Equal("1_users.csv", Assert.Single(fixture.Run("Invoke-VsSeed -Path demo").WithoutErrors().OutputOf<SeedResult>()).Name);
        Assert.Equal(
            "1_users.csv",
            Assert.Single(fixture.Run("Invoke-VsSeed -Path seeds/common/*.csv -Force").WithoutErrors().OutputOf<SeedResult>()).Name);
        Assert.StartsWith("PathNotFound,", fixture.Run("Invoke-VsSeed -Path nowhere").OnlyError().FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("PathNotFound,", fixture.Run("Invoke-VsSeed -Name nobody").OnlyError().FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tab_offers_the_files_of_the_environment()
    {
        await using var fixture = await CreateAsync();
        fixture.Folder.Add("seeds/staging/1_s.sql", "SELECT 1");

        Assert.Equal(["common/1_users.csv", "dev/2_more.sql"], Offered("Invoke-VsSeed -Name "));
        Assert.Equal(["common/1_users.csv"], Offered("Invoke-VsSeed us"));
        Assert.Equal(["common/1_users.csv", "staging/1_s.sql"], Offered("Invoke-VsSeed -Environment staging -Name "));
        Assert.Empty(Offered("Invoke-VsSeed -Path nowhere -Name "));

        IEnumerable<string> Offered(string line) => fixture.Session.Complete(line).CompletionMatches
            .Where(match => match.ResultType == System.Management.Automation.CompletionResultType.ParameterValue)
            .Select(match => match.CompletionText);
    }

    static async Task<Workbench> CreateAsync()
    {
        var fixture = await Workbench.CreateAsync();
        fixture.Run("$PSDefaultParameterValues.Remove('*-Vs*:Path')").WithoutErrors();
        await fixture.Database.ExecuteAsync("CREATE TABLE users (id int PRIMARY KEY, name text)");
        fixture.Folder.Add("seeds/common/1_users.csv", "id,name\n1,a\n2,b\n");
        fixture.Folder.Add("seeds/dev/2_more.sql", "UPDATE users SET name = name;");
        return fixture;
    }
}
