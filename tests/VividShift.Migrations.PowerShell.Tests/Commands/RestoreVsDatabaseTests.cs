using System.Management.Automation;
using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Restoring;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class RestoreVsDatabaseTests
{
    [Fact]
    public async Task From_the_pipeline_with_the_old_one_kept()
    {
        await using var bench = await WithBackupAsync();
        await bench.Database.ExecuteAsync("DELETE FROM users");

        var run = bench.Run("Get-VsBackup | Restore-VsDatabase -Confirm:$false").WithoutErrors();

        var result = Assert.Single(run.OutputOf<RestoreResult>());
        Assert.True(result.Verified);
        Assert.Equal(3L, await bench.Database.ScalarAsync<long>("SELECT count(*) FROM users"));
        Assert.Equal([result.KeptAs!], await bench.OthersAsync());
        await bench.DropOthersAsync();
    }

    [Fact]
    public async Task What_a_trial_proved_is_counted_unless_Verify_is_given()
    {
        await using var bench = await WithBackupAsync();

        bench.Run("Backup-VsDatabase -Verify").WithoutErrors();

        var shown = bench.Session.Show("Get-VsBackup -Latest | Restore-VsDatabase -DropDatabase -Confirm:$false");
        var run = bench.Run("Get-VsBackup -Latest | Restore-VsDatabase -DropDatabase -Verify -Confirm:$false").WithoutErrors();

        Assert.Contains("+ counts", shown, StringComparison.Ordinal);
        Assert.Equal(RestoreComparison.Content, Assert.Single(run.OutputOf<RestoreResult>()).Comparison);
        Assert.Empty(await bench.OthersAsync());
    }

    [Fact]
    public async Task WhatIf_says_what_would_happen_and_writes_nothing()
    {
        await using var bench = await WithBackupAsync();
        await using var visitor = await bench.Database.OpenAsync(TestContext.Current.CancellationToken);

        var run = bench.Run("Restore-VsDatabase -Latest -Force -DropDatabase -WhatIf").WithoutErrors();

        Assert.Empty(run.Output);
        Assert.Contains(
            $"into a new database, end 1 session, swap the two, drop the old one\" on target \"{bench.Target}\"",
            run.Shown,
            StringComparison.Ordinal);
        Assert.Contains($"pid {visitor.ProcessID}", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.Empty(await bench.OthersAsync());
    }

    [Fact]
    public async Task WhatIf_warns_of_what_does_not_come_back()
    {
        await using var bench = await WithBackupAsync();
        await bench.Database.ExecuteAsync("CREATE PUBLICATION outwards FOR TABLE users");
        bench.Run("Backup-VsDatabase").WithoutErrors();

        var run = bench.Run("Get-VsBackup -Latest | Restore-VsDatabase -WhatIf").WithoutErrors();

        Assert.Contains("the publication(s) outwards: they come back, the replication slots of their subscribers do not", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.Empty(await bench.OthersAsync());
    }

    [Fact]
    public async Task It_asks_and_no_means_no()
    {
        await using var bench = await WithBackupAsync();
        bench.Session.Answer("No");

        var run = bench.Run("Restore-VsDatabase -Latest -Force").WithoutErrors();

        Assert.Contains("keep the old one as " + bench.Database.Name[..20], Assert.Single(run.Prompts).Message, StringComparison.Ordinal);
        Assert.Empty(await bench.OthersAsync());
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
        await using var bench = await WithBackupAsync();

        var run = bench.Run($"try {{ {script} }} catch {{ $_ }}");

        Assert.StartsWith(code, ((ErrorRecord)Assert.Single(run.Output).BaseObject).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_from_the_pipeline_is_nothing_to_do()
    {
        await using var bench = await WithBackupAsync();

        Assert.Empty(bench.Run("Get-VsBackup -Tag nothing | Restore-VsDatabase -Confirm:$false").WithoutErrors().Output);
    }

    [Fact]
    public async Task The_protection_of_the_target_environment_counts()
    {
        await using var bench = await WithBackupAsync();
        var other = bench.Database.Name + "_live";
        bench.Folder.Add("vividshift.json", $$"""{ "backups": "backups", "connectionString": "{{bench.Database.Url}}" }""");
        bench.Folder.Add("vividshift.live.json", $$"""{ "connectionString": "{{bench.Database.Url.Replace(bench.Database.Name, other, StringComparison.Ordinal)}}", "protected": true }""");
        bench.Run("$PSDefaultParameterValues.Remove('*-Vs*:ConnectionString')").WithoutErrors();

        var refused = bench.Run("try { Restore-VsDatabase -Latest -TargetEnvironment live -ConfirmEnvironment dev -Confirm:$false } catch { $_ }");
        Assert.StartsWith(
            "EnvironmentProtected",
            ((ErrorRecord)Assert.Single(refused.Output).BaseObject).FullyQualifiedErrorId,
            StringComparison.Ordinal);
        Assert.Empty(await bench.OthersAsync());

        bench.Run("Restore-VsDatabase -Latest -TargetEnvironment live -ConfirmEnvironment live -Confirm:$false").WithoutErrors();
        Assert.Equal([other], await bench.OthersAsync());
        await bench.DropOthersAsync();
    }

    [Fact]
    public async Task An_environment_that_leads_to_the_same_database_is_refused()
    {
        await using var bench = await WithBackupAsync();
        bench.Folder.Add("vividshift.json", $$"""{ "backups": "backups", "connectionString": "{{bench.Database.Url}}" }""");
        bench.Folder.Add("vividshift.staging.json", """{ "protected": false }""");

        var run = bench.Run(
            "$PSDefaultParameterValues.Remove('*-Vs*:ConnectionString'); try { Restore-VsDatabase -Latest -TargetEnvironment staging -TargetDatabase x } catch { $_ }");

        Assert.StartsWith(
            "ConfigurationInvalid", ((ErrorRecord)Assert.Single(run.Output).BaseObject).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_with_Backup_backs_up_only_when_there_is_something_to_do()
    {
        await using var bench = await WithBackupAsync();
        bench.AddTable(2, "orders");

        var told = bench.Run($"Invoke-VsMigration -Backup -Path '{bench.Folder.Path}' -WhatIf").WithoutErrors();
        Assert.Contains("\"Back up as before-2 and prove that it can be restored\"", told.Shown, StringComparison.Ordinal);
        Assert.Single(bench.Run("Get-VsBackup").Output);

        var first = bench.Run($"Invoke-VsMigration -Backup -Path '{bench.Folder.Path}'").WithoutErrors();
        var second = bench.Run($"Invoke-VsMigration -Backup -Path '{bench.Folder.Path}'").WithoutErrors();
        var undone = bench.Run($"Undo-VsMigration -Backup -Path '{bench.Folder.Path}' -Confirm:$false").WithoutErrors();

        Assert.EndsWith("before-2", Assert.Single(first.OutputOf<MigrationResult>()).Backup, StringComparison.Ordinal);
        Assert.Empty(second.Output);
        Assert.EndsWith("before-undo-2", Assert.Single(undone.OutputOf<MigrationResult>()).Backup, StringComparison.Ordinal);
        Assert.Equal(3, bench.Run("Get-VsBackup").Output.Count);
    }

    [Fact]
    public async Task CompareBackup_shows_both_ways_and_needs_Undo()
    {
        await using var bench = await WithBackupAsync();
        bench.AddTable(2, "orders");
        bench.Run($"Invoke-VsMigration -Path '{bench.Folder.Path}'").WithoutErrors();
        await bench.Database.ExecuteAsync("INSERT INTO orders VALUES (1)");

        var shown = bench.Session.Show($"Get-VsMigrationPlan -Undo -CompareBackup -Path '{bench.Folder.Path}'");

        Assert.Contains("DROP TABLE orders (1 row(s)), migration 2", shown, StringComparison.Ordinal);
        Assert.Contains("public.orders: not in the backup, 1 row(s) would go", shown, StringComparison.Ordinal);
        var run = bench.Run($"try {{ Get-VsMigrationPlan -CompareBackup -Path '{bench.Folder.Path}' }} catch {{ $_ }}");
        Assert.StartsWith("UndoNeeded", ((ErrorRecord)Assert.Single(run.Output).BaseObject).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_table_fits()
    {
        await using var bench = await WithBackupAsync();

        var shown = bench.Session.Show("Restore-VsDatabase -Latest -DropDatabase -Confirm:$false");

        Assert.Contains("(dropped)", shown, StringComparison.Ordinal);
        Assert.Contains("+ content", shown, StringComparison.Ordinal);
        Assert.All(shown.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
    }

    /// <summary>One applied migration with three rows, and a backup of that.</summary>
    static async Task<Workbench> WithBackupAsync()
    {
        var bench = await Workbench.CreateAsync();
        bench.Folder.Add("vividshift.json", """{ "backups": "backups" }""");
        bench.AddTable(1, "users");
        bench.Run("Invoke-VsMigration; $PSDefaultParameterValues.Remove('*-Vs*:Path')").WithoutErrors();
        await bench.Database.ExecuteAsync("INSERT INTO users VALUES (1), (2), (3)");
        bench.Run("Backup-VsDatabase").WithoutErrors();
        return bench;
    }
}
