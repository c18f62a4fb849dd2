using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class QuestionTests
{
    [Fact]
    public async Task WhatIf_shows_the_plan_and_changes_nothing()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Folder.Add("0004_index.up.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY notes_id ON notes (id);\n");
        var before = await fixture.Database.SchemaDumpAsync();

        var run = fixture.Run("Get-VsMigrationStatus | Where Pending | Invoke-VsMigration -WhatIf").WithoutErrors();

        Assert.Empty(run.Output);
        Assert.Equal(
            $"""
            What if: Performing the operation "Apply 0001_users.up.sql" on target "{fixture.Target}".
            What if: Performing the operation "Apply 0002_orders.up.sql" on target "{fixture.Target}".
            What if: Performing the operation "Apply 0003_notes.up.sql" on target "{fixture.Target}".
            What if: Performing the operation "Apply 0004_index.up.sql (no transaction)" on target "{fixture.Target}".

            """.ReplaceLineEndings("\n"), run.Shown);
        Assert.Equal(before, await fixture.Database.SchemaDumpAsync());
        Assert.Equal(0, await fixture.LocksAsync());
    }

    [Theory]
    [InlineData("$WhatIfPreference = $true; Invoke-VsMigration")]
    [InlineData("& { $WhatIfPreference = $true; Invoke-VsMigration }")]
    [InlineData(
        "$null = New-Module { $WhatIfPreference = $true; function Go { Invoke-VsMigration @args } }; Go -ConnectionString $url -Path $folder")]
    [InlineData("function Go { [CmdletBinding(SupportsShouldProcess)] param() Invoke-VsMigration }; Go -WhatIf")]
    public async Task WhatIf_as_a_preference_shows_the_whole_plan(string script)
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Session.Set("url", fixture.Database.Url);
        fixture.Session.Set("folder", fixture.Folder.Path);

        var run = fixture.Run(script).WithoutErrors();

        Assert.Equal(3, run.Shown.Split('\n').Count(line => line.StartsWith("What if:", StringComparison.Ordinal)));
        Assert.Empty(await fixture.AppliedAsync());
    }

    [Fact]
    public async Task WhatIf_beats_Confirm_and_asks_nothing()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Run("Invoke-VsMigration").WithoutErrors();

        var run = fixture.Run("Undo-VsMigration -All -WhatIf").WithoutErrors();

        Assert.Empty(run.Prompts);
        Assert.Contains(
            $"What if: Performing the operation \"Revert 0003_notes.down.sql\" on target \"{fixture.Target}\".",
            run.Shown,
            StringComparison.Ordinal);
        Assert.Equal([1L, 2, 3], await fixture.AppliedAsync());
    }

    [Fact]
    public async Task Yes_runs_a_migration_and_the_first_No_ends_the_list()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Session.Answer("Yes", "No");

        var run = fixture.Run("Invoke-VsMigration -Confirm").WithoutErrors();

        Assert.Equal(2, run.Prompts.Count);
        Assert.Contains("Apply 0002_orders.up.sql", run.Prompts[1].Message, StringComparison.Ordinal);
        Assert.Equal([1L], await fixture.AppliedAsync());
    }

    [Theory]
    [InlineData("Yes to All", 1, 3)]
    [InlineData("No to All", 1, 0)]
    [InlineData("No", 1, 0)]
    public async Task One_answer_can_decide_everything(string answer, int prompts, int applied)
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Session.Answer(answer);

        var run = fixture.Run("Invoke-VsMigration -Confirm").WithoutErrors();

        Assert.Equal(prompts, run.Prompts.Count);
        Assert.Equal(applied, (await fixture.AppliedAsync()).Count);
    }

    [Fact]
    public async Task Nobody_holds_the_lock_while_a_human_thinks()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        var locks = -1L;
        fixture.Session.AnswerBy(_ =>
        {
            locks = fixture.LocksAsync().GetAwaiter().GetResult();
            return "No";
        });

        fixture.Run("Invoke-VsMigration -Confirm").WithoutErrors();

        Assert.Equal(0, locks);
    }

    [Fact]
    public async Task Undo_asks_by_itself_and_Invoke_does_not()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Session.Answer("No");

        var forwards = fixture.Run("Invoke-VsMigration").WithoutErrors();
        var backwards = fixture.Run("Undo-VsMigration").WithoutErrors();

        Assert.Empty(forwards.Prompts);
        Assert.Contains("Revert 0003_notes.down.sql", Assert.Single(backwards.Prompts).Message, StringComparison.Ordinal);
        Assert.Equal([1L, 2, 3], await fixture.AppliedAsync());
    }

    [Theory]
    [InlineData("Undo-VsMigration -Confirm:$false", 2)]
    [InlineData("Undo-VsMigration -Count 2 -Confirm:$false", 1)]
    [InlineData("Undo-VsMigration -Target 1 -Confirm:$false", 1)]
    [InlineData("Undo-VsMigration -All -Confirm:$false", 0)]
    [InlineData("$ConfirmPreference = 'None'; Undo-VsMigration -All", 0)]
    public async Task Confirm_false_silences_the_questions(string command, int left)
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();

        fixture.Run($"Invoke-VsMigration; {command}").WithoutErrors();

        Assert.Equal(left, (await fixture.AppliedAsync()).Count);
    }

    [Fact]
    public async Task Force_does_not_skip_the_question()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Session.Answer("No");

        fixture.Run("Invoke-VsMigration").WithoutErrors();

        Assert.Single(fixture.Run("Undo-VsMigration -Force").WithoutErrors().Prompts);
    }

    [Fact]
    public async Task A_missing_database_is_asked_about_first()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Session.Answer("No");

        var run = fixture.Run("Invoke-VsMigration -Database not_there_yet -CreateDatabase -Confirm").WithoutErrors();

        Assert.Contains("Create the database", Assert.Single(run.Prompts).Message, StringComparison.Ordinal);
        Assert.Equal(0L, await fixture.Database.ScalarAsync<long>("SELECT count(*) FROM pg_database WHERE datname = 'not_there_yet'"));
    }
}
