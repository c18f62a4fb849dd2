using System.Diagnostics;
using System.Management.Automation;
using VividShift.Migrations.Backup;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class BackupCommandTests : IAsyncDisposable
{
    readonly string _folder = Path.Combine(Path.GetTempPath(), "vividshift-backup-" + Guid.NewGuid().ToString("N"));

    [Fact]
    public async Task A_backup_is_emitted_with_PassThru_and_told_without()
    {
        await using var fixture = await CreateAsync();

        var silent = fixture.Run("Backup-VsDatabase").WithoutErrors();
        var backup = Assert.Single(fixture.Run("Backup-VsDatabase -Tag now -Verify -PassThru").WithoutErrors().OutputOf<DatabaseBackup>());

        Assert.Empty(silent.Output);
        Assert.Contains("Backed up " + fixture.Target, Assert.Single(silent.Information).MessageData.ToString(), StringComparison.Ordinal);
        Assert.True(backup.Verified);
        Assert.Equal("now", backup.Tag);
        var listed = fixture.Run("Get-VsBackup").WithoutErrors().OutputOf<DatabaseBackup>();
        Assert.Equal([backup.Name], listed.Take(1).Select(found => found.Name));
        Assert.Equal(2, listed.Count);
        Assert.Equal([backup.Name], fixture.Run("Get-VsBackup -Tag no*").WithoutErrors().OutputOf<DatabaseBackup>().Select(found => found.Name));
        Assert.Equal([backup.Name], fixture.Run("Get-VsBackup -Latest").WithoutErrors().OutputOf<DatabaseBackup>().Select(found => found.Name));
        Assert.Equal([backup.Name], fixture.Run("Get-VsBackup -Name *-now").WithoutErrors().OutputOf<DatabaseBackup>().Select(found => found.Name));
    }

    [Fact]
    public async Task WhatIf_writes_nothing()
    {
        await using var fixture = await CreateAsync();

        var run = fixture.Run("Backup-VsDatabase -Verify -WhatIf").WithoutErrors();

        Assert.Contains("Back up the database and restore it for trial", run.Shown, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public async Task Damage_is_found_by_pipeline_and_by_path_and_a_manifest_that_was_edited_is_an_error()
    {
        await using var fixture = await CreateAsync();
        var backup = Assert.Single(fixture.Run("Backup-VsDatabase -PassThru").WithoutErrors().OutputOf<DatabaseBackup>());
        Assert.Empty(fixture.Run("Get-VsBackup | Test-VsBackup -Restore").WithoutErrors().Output);
        Assert.True(Assert.Single(fixture.Run("Get-VsBackup").OutputOf<DatabaseBackup>()).Verified);
        Assert.Equal([true], fixture.Run("Test-VsBackup -Latest -Quiet").WithoutErrors().OutputOf<bool>());

        var toc = Path.Combine(backup.Folder, "data", "toc.dat");
        var bytes = await File.ReadAllBytesAsync(toc, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(toc, bytes, TestContext.Current.CancellationToken);
        foreach (var command in new[] { "Get-VsBackup | Test-VsBackup", "Test-VsBackup", $"Test-VsBackup -Path '{backup.Folder}'", "Test-VsBackup -Restore" })
        {
            var finding = Assert.Single(fixture.Run(command).WithoutErrors().OutputOf<Finding>());
            Assert.Equal("FileChanged", finding.Rule);
            Assert.Equal(toc, finding.Path);
        }

        Assert.Equal([false], fixture.Run("Test-VsBackup -Quiet").WithoutErrors().OutputOf<bool>());

        File.AppendAllText(Path.Combine(backup.Folder, "manifest.json"), "\n");
        var error = fixture.Run("Get-VsBackup").OnlyError();
        Assert.StartsWith("BackupInvalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.Equal("BackupUnreadable", Assert.Single(fixture.Run("Test-VsBackup").WithoutErrors().OutputOf<Finding>()).Rule);
    }

    [Fact]
    public async Task No_backup_does_not_pass()
    {
        await using var fixture = await CreateAsync();
        Directory.CreateDirectory(_folder);

        Assert.Empty(fixture.Run("Get-VsBackup").WithoutErrors().Output);
        Assert.Equal([false], fixture.Run("Test-VsBackup -Quiet").WithoutErrors().OutputOf<bool>());
    }

    [Fact]
    public async Task The_last_verified_one_stays_whatever_is_asked()
    {
        await using var fixture = await CreateAsync();
        var verified = Assert.Single(fixture.Run("Backup-VsDatabase -Tag verified -Verify -PassThru").WithoutErrors().OutputOf<DatabaseBackup>());
        fixture.Run("Backup-VsDatabase -Tag a; Backup-VsDatabase -Tag b").WithoutErrors();

        Assert.Equal("NothingChosen", fixture.Run("Remove-VsBackup").OnlyError().FullyQualifiedErrorId.Split(',')[0]);
        fixture.Run("Remove-VsBackup -OlderThan 1d -Confirm:$false").WithoutErrors();
        Assert.Equal(3, Directory.GetDirectories(_folder).Length);

        var whatIf = fixture.Run("Remove-VsBackup -Keep 1 -WhatIf").WithoutErrors();
        Assert.Contains("-a\"", whatIf.Shown, StringComparison.Ordinal);
        Assert.DoesNotContain("-b\"", whatIf.Shown, StringComparison.Ordinal);
        Assert.Equal(3, Directory.GetDirectories(_folder).Length);

        fixture.Session.Answer("No");
        Assert.Single(fixture.Run("Remove-VsBackup -Keep 1").WithoutErrors().Prompts);
        Assert.Equal(3, Directory.GetDirectories(_folder).Length);

        var run = fixture.Run("Get-VsBackup | Remove-VsBackup -Confirm:$false -Verbose").WithoutErrors();
        Assert.Contains(run.Verbose, line => line.Contains("the last verified one", StringComparison.Ordinal));
        Assert.Equal([verified.Folder], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task The_table_fits_and_tells_which_are_verified()
    {
        await using var fixture = await CreateAsync();
        fixture.Run("Backup-VsDatabase -Tag a -Verify; Backup-VsDatabase -Tag b").WithoutErrors();

        var lines = fixture.Session.Show("Get-VsBackup").Split('\n').Where(line => line.Length > 0).ToList();

        Assert.Matches("^Name +Size +Version +Verified$", lines[0]);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 100));
        Assert.EndsWith("no", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("= yes", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_that_is_killed_is_never_seen_and_the_next_one_works()
    {
        await using var fixture = await CreateAsync();
        await using var other = await fixture.Database.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = other.CreateCommand();
        command.CommandText = "BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var killed = await PwshProgram.RunAsync(
            $"Backup-VsDatabase -Path '{_folder}' -ConnectionString '{fixture.Database.Url}'",
            program => KillWhileWaitingAsync(program, fixture));

        Assert.NotEqual(0, killed.ExitCode);
        Assert.Contains(Directory.GetFileSystemEntries(_folder), path => Path.GetFileName(path).StartsWith(".partial-", StringComparison.Ordinal));
        Assert.Empty(fixture.Run("Get-VsBackup").WithoutErrors().Output);
        await other.DisposeAsync();

        var next = Assert.Single(fixture.Run("Backup-VsDatabase -Verify -PassThru").WithoutErrors().OutputOf<DatabaseBackup>());

        Assert.True(next.Verified);
        Assert.Equal([next.Folder], Directory.GetFileSystemEntries(_folder));
        // The pg_dump that was left behind is gone as well.
        while (await fixture.Database.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()") > 0)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    // The process alone, not its children: that is what kill -9 does.
    static async Task KillWhileWaitingAsync(Process program, Workbench fixture)
    {
        const string waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 't'::regclass";
        await PwshProgram.UntilAsync(program, async () => await fixture.Database.ScalarAsync<long>(waiting) >= 2);
        program.Kill();
    }

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    async Task<Workbench> CreateAsync()
    {
        var fixture = await Workbench.CreateAsync();
        await fixture.Database.ExecuteAsync(
            "CREATE TABLE t (id bigint PRIMARY KEY, name text); INSERT INTO t SELECT i, 'name ' || i FROM generate_series(1, 100) i");
        fixture.Run($"$PSDefaultParameterValues['*-VsDatabase:Path'] = '{_folder}'; $PSDefaultParameterValues['*-VsBackup:Path'] = '{_folder}'; $PSDefaultParameterValues.Remove('*-Vs*:Path')")
            .WithoutErrors();
        return fixture;
    }
}
