using System.Management.Automation;
using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Restore;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class RestoreVsDatabaseTests
{
    [Fact]
    public async Task From_the_pipeline_with_the_old_one_kept()
    {
        await using var fixture = await WithBackupAsync();
        await fixture.Database.ExecuteAsync("DELETE FROM users");

        var run = fixture.Run("Get-VsBackup | Restore-VsDatabase -Confirm:$false").WithoutErrors();

        var result = Assert.Single(run.OutputOf<RestoreResult>());
        Assert.True(result.Verified);
        Assert.Equal(3L, await fixture.Database.ScalarAsync<long>("SELECT count(*) FROM users"));
        Assert.Equal([result.KeptAs!], await fixture.OthersAsync());
        await fixture.DropOthersAsync();
    }

    [Fact]
    public async Task What_a_trial_proved_is_counted_unless_Verify_is_given()
    {
        await using var fixture = await WithBackupAsync();

        fixture.Run("Backup-VsDatabase -Verify").WithoutErrors();

        var shown = fixture.Session.Show("Get-VsBackup -Latest | Restore-VsDatabase -DropDatabase -Confirm:$false");
        var run = fixture.Run("Get-VsBackup -Latest | Restore-VsDatabase -DropDatabase -Verify -Confirm:$false").WithoutErrors();

        Assert.Contains("+ counts", shown, StringComparison.Ordinal);
        Assert.Equal(RestoreComparison.Content, Assert.Single(run.OutputOf<RestoreResult>()).Comparison);
        Assert.Empty(await fixture.OthersAsync());
    }

    [Fact]
    public async Task WhatIf_says_what_would_happen_and_writes_nothing()
    {
        await using var fixture = await WithBackupAsync();
        await using var visitor = await fixture.Database.OpenAsync(TestContext.Current.CancellationToken);

        var run = fixture.Run("Restore-VsDatabase -Latest -Force -DropDatabase -WhatIf").WithoutErrors();

        Assert.Empty(run.Output);
        Assert.Contains(
            $"into a new database, end 1 session, swap the two, drop the old one\" on target \"{fixture.Target}\"",
            run.Shown,
            StringComparison.Ordinal);
        Assert.Contains($"pid {visitor.ProcessID}", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.Empty(await fixture.OthersAsync());
    }

    [Fact]
    public async Task WhatIf_warns_of_what_does_not_come_back()
    {
        await using var fixture = await WithBackupAsync();
        await fixture.Database.ExecuteAsync("CREATE PUBLICATION outwards FOR TABLE users");
        fixture.Run("Backup-VsDatabase").WithoutErrors();

        var run = fixture.Run("Get-VsBackup -Latest | Restore-VsDatabase -WhatIf").WithoutErrors();

        Assert.Contains("the publication(s) outwards: they come back, the replication slots of their subscribers do not", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.Empty(await fixture.OthersAsync());
    }

    [Fact]
    public async Task It_asks_and_no_means_no()
    {
        await using var fixture = await WithBackupAsync();
        fixture.Session.Answer("No");

        var run = fixture.Run("Restore-VsDatabase -Latest -Force").WithoutErrors();

        Assert.Contains("keep the old one as " + fixture.Database.Name[..20], Assert.Single(run.Prompts).Message, StringComparison.Ordinal);
        Assert.Empty(await fixture.OthersAsync());
    }

    [Theory]
    [InlineData("Restore-VsDatabase", "BackupMissing")]
    [InlineData("Restore-VsDatabase -Latest -Tag nothing", "BackupMissing")]
    [InlineData("Restore-VsDatabase -Path ./nowhere.sql", "PathNotFound")]
    [InlineData("Restore-VsDatabase -Path . -Latest", "ParametersExclusive")]
    [InlineData("Restore-VsDatabase -Latest -TargetEnvironment staging", "ParametersExclusive")]
    [InlineData("(Get-VsBackup), (Get-VsBackup) | Restore-VsDatabase", "TargetInvalid")]
    public async Task What_cannot_be_is_refused(string script, string code)
    {
        await using var fixture = await WithBackupAsync();

        var run = fixture.Run($"try {{ {script} }} catch {{ $_ }}");

        Assert.StartsWith(code, ((ErrorRecord)Assert.Single(run.Output).BaseObject).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_from_the_pipeline_is_nothing_to_do()
    {
        await using var fixture = await WithBackupAsync();

        Assert.Empty(fixture.Run("Get-VsBackup -Tag nothing | Restore-VsDatabase -Confirm:$false").WithoutErrors().Output);
    }

    [Fact]
    public async Task The_protection_of_the_target_environment_counts()
    {
        await using var fixture = await WithBackupAsync();
        var other = fixture.Database.Name + "_live";
        fixture.Folder.Add("vividshift.json", $$"""{ "backups": "backups", "connectionString": "{{fixture.Database.Url}}" }""");
        fixture.Folder.Add("vividshift.live.json", $$"""{ "connectionString": "{{fixture.Database.Url.Replace(fixture.Database.Name, other, StringComparison.Ordinal)}}", "protected": true }""");
        fixture.Run("$PSDefaultParameterValues.Remove('*-Vs*:ConnectionString')").WithoutErrors();

        var refused = fixture.Run("try { Restore-VsDatabase -Latest -TargetEnvironment live -ConfirmEnvironment dev -Confirm:$false } catch { $_ }");
        Assert.StartsWith(
            "EnvironmentProtected",
            ((ErrorRecord)Assert.Single(refused.Output).BaseObject).FullyQualifiedErrorId,
            StringComparison.Ordinal);
        Assert.Empty(await fixture.OthersAsync());

        fixture.Run("Restore-VsDatabase -Latest -TargetEnvironment live -ConfirmEnvironment live -Confirm:$false").WithoutErrors();
        Assert.Equal([other], await fixture.OthersAsync());
        await fixture.DropOthersAsync();
    }

    [Fact]
    public async Task An_environment_that_leads_to_the_same_database_is_refused()
    {
        await using var fixture = await WithBackupAsync();
        fixture.Folder.Add("vividshift.json", $$"""{ "backups": "backups", "connectionString": "{{fixture.Database.Url}}" }""");
        fixture.Folder.Add("vividshift.staging.json", """{ "protected": false }""");

        var run = fixture.Run(
            "$PSDefaultParameterValues.Remove('*-Vs*:ConnectionString'); try { Restore-VsDatabase -Latest -TargetEnvironment staging -TargetDatabase x } catch { $_ }");

        Assert.StartsWith(
            "ConfigurationInvalid", ((ErrorRecord)Assert.Single(run.Output).BaseObject).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_with_Backup_backs_up_only_when_there_is_something_to_do()
    {
        await using var fixture = await WithBackupAsync();
        fixture.AddTable(2, "orders");

        var told = fixture.Run($"Invoke-VsMigration -Backup -Path '{fixture.Folder.Path}' -WhatIf").WithoutErrors();
        Assert.Contains("\"Back up as before-2 and prove that it can be restored\"", told.Shown, StringComparison.Ordinal);
        Assert.Single(fixture.Run("Get-VsBackup").Output);

        var first = fixture.Run($"Invoke-VsMigration -Backup -Path '{fixture.Folder.Path}'").WithoutErrors();
        var second = fixture.Run($"Invoke-VsMigration -Backup -Path '{fixture.Folder.Path}'").WithoutErrors();
        var undone = fixture.Run($"Undo-VsMigration -Backup -Path '{fixture.Folder.Path}' -Confirm:$false").WithoutErrors();

        Assert.EndsWith("before-2", Assert.Single(first.OutputOf<MigrationResult>()).Backup, StringComparison.Ordinal);
        Assert.Empty(second.Output);
        Assert.EndsWith("before-undo-2", Assert.Single(undone.OutputOf<MigrationResult>()).Backup, StringComparison.Ordinal);
        Assert.Equal(3, fixture.Run("Get-VsBackup").Output.Count);
    }

    [Fact]
    public async Task CompareBackup_shows_both_ways_and_needs_Undo()
    {
        await using var fixture = await WithBackupAsync();
        fixture.AddTable(2, "orders");
        fixture.Run($"Invoke-VsMigration -Path '{fixture.Folder.Path}'").WithoutErrors();
        await fixture.Database.ExecuteAsync("INSERT INTO orders VALUES (1)");

        var shown = fixture.Session.Show($"Get-VsMigrationPlan -Undo -CompareBackup -Path '{fixture.Folder.Path}'");

        Assert.Contains("DROP TABLE orders (1 row(s)), migration 2", shown, StringComparison.Ordinal);
        Assert.Contains("public.orders: not in the backup, 1 row(s) would go", shown, StringComparison.Ordinal);
        var run = fixture.Run($"try {{ Get-VsMigrationPlan -CompareBackup -Path '{fixture.Folder.Path}' }} catch {{ $_ }}");
        Assert.StartsWith("UndoNeeded", ((ErrorRecord)Assert.Single(run.Output).BaseObject).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_table_fits()
    {
        await using var fixture = await WithBackupAsync();

        var shown = fixture.Session.Show("Restore-VsDatabase -Latest -DropDatabase -Confirm:$false");

        Assert.Contains("(dropped)", shown, StringComparison.Ordinal);
        Assert.Contains("+ content", shown, StringComparison.Ordinal);
        Assert.All(shown.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
    }

    /// <summary>One applied migration with three rows, and a backup of that.</summary>
    static async Task<Workbench> WithBackupAsync()
    {
        var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("vividshift.json", """{ "backups": "backups" }""");
        fixture.AddTable(1, "users");
        fixture.Run("Invoke-VsMigration; $PSDefaultParameterValues.Remove('*-Vs*:Path')").WithoutErrors();
        await fixture.Database.ExecuteAsync("INSERT INTO users VALUES (1), (2), (3)");
        fixture.Run("Backup-VsDatabase").WithoutErrors();
        return fixture;
    }
}
