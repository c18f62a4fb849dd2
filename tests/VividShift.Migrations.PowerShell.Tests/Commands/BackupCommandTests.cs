using System.Diagnostics;
using System.Management.Automation;
using VividShift.Migrations.Backups;
using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class BackupCommandTests : IAsyncDisposable
{
    readonly string _folder = Path.Combine(Path.GetTempPath(), "vividshift-backup-" + Guid.NewGuid().ToString("N"));

    [Fact]
    public async Task A_backup_is_emitted_with_PassThru_and_told_without()
    {
        await using var bench = await CreateAsync();

        var silent = bench.Run("Backup-VsDatabase").WithoutErrors();
        var backup = Assert.Single(bench.Run("Backup-VsDatabase -Tag now -Verify -PassThru").WithoutErrors().OutputOf<DatabaseBackup>());

        Assert.Empty(silent.Output);
        Assert.Contains("Backed up " + bench.Target, Assert.Single(silent.Information).MessageData.ToString(), StringComparison.Ordinal);
        Assert.True(backup.Verified);
        Assert.Equal("now", backup.Tag);
        var listed = bench.Run("Get-VsBackup").WithoutErrors().OutputOf<DatabaseBackup>();
        Assert.Equal([backup.Name], listed.Take(1).Select(found => found.Name));
        Assert.Equal(2, listed.Count);
        Assert.Equal([backup.Name], bench.Run("Get-VsBackup -Tag no*").WithoutErrors().OutputOf<DatabaseBackup>().Select(found => found.Name));
        Assert.Equal([backup.Name], bench.Run("Get-VsBackup -Latest").WithoutErrors().OutputOf<DatabaseBackup>().Select(found => found.Name));
        Assert.Equal([backup.Name], bench.Run("Get-VsBackup -Name *-now").WithoutErrors().OutputOf<DatabaseBackup>().Select(found => found.Name));
    }

    [Fact]
    public async Task WhatIf_writes_nothing()
    {
        await using var bench = await CreateAsync();

        var run = bench.Run("Backup-VsDatabase -Verify -WhatIf").WithoutErrors();

        Assert.Contains("Back up the database and restore it for trial", run.Shown, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public async Task Damage_is_found_by_pipeline_and_by_path_and_a_manifest_that_was_edited_is_an_error()
    {
        await using var bench = await CreateAsync();
        var backup = Assert.Single(bench.Run("Backup-VsDatabase -PassThru").WithoutErrors().OutputOf<DatabaseBackup>());
        Assert.Empty(bench.Run("Get-VsBackup | Test-VsBackup -Restore").WithoutErrors().Output);
        Assert.True(Assert.Single(bench.Run("Get-VsBackup").OutputOf<DatabaseBackup>()).Verified);
        Assert.Equal([true], bench.Run("Test-VsBackup -Latest -Quiet").WithoutErrors().OutputOf<bool>());

        var toc = Path.Combine(backup.Folder, "data", "toc.dat");
        var bytes = await File.ReadAllBytesAsync(toc, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(toc, bytes, TestContext.Current.CancellationToken);
        foreach (var command in new[] { "Get-VsBackup | Test-VsBackup", "Test-VsBackup", $"Test-VsBackup -Path '{backup.Folder}'", "Test-VsBackup -Restore" })
        {
            var finding = Assert.Single(bench.Run(command).WithoutErrors().OutputOf<Finding>());
            Assert.Equal("FileChanged", finding.Rule);
            Assert.Equal(toc, finding.Path);
        }

        Assert.Equal([false], bench.Run("Test-VsBackup -Quiet").WithoutErrors().OutputOf<bool>());

        File.AppendAllText(Path.Combine(backup.Folder, "manifest.json"), "\n");
        var error = bench.Run("Get-VsBackup").OnlyError();
        Assert.StartsWith("BackupInvalid,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.Equal("BackupUnreadable", Assert.Single(bench.Run("Test-VsBackup").WithoutErrors().OutputOf<Finding>()).Rule);
    }

    [Fact]
    public async Task No_backup_does_not_pass()
    {
        await using var bench = await CreateAsync();
        Directory.CreateDirectory(_folder);

        Assert.Empty(bench.Run("Get-VsBackup").WithoutErrors().Output);
        Assert.Equal([false], bench.Run("Test-VsBackup -Quiet").WithoutErrors().OutputOf<bool>());
    }

    [Fact]
    public async Task The_last_verified_one_stays_whatever_is_asked()
    {
        await using var bench = await CreateAsync();
        var verified = Assert.Single(bench.Run("Backup-VsDatabase -Tag verified -Verify -PassThru").WithoutErrors().OutputOf<DatabaseBackup>());
        bench.Run("Backup-VsDatabase -Tag a; Backup-VsDatabase -Tag b").WithoutErrors();

        Assert.Equal("NothingChosen", bench.Run("Remove-VsBackup").OnlyError().FullyQualifiedErrorId.Split(',')[0]);
        bench.Run("Remove-VsBackup -OlderThan 1d -Confirm:$false").WithoutErrors();
        Assert.Equal(3, Directory.GetDirectories(_folder).Length);

        var whatIf = bench.Run("Remove-VsBackup -Keep 1 -WhatIf").WithoutErrors();
        Assert.Contains("-a\"", whatIf.Shown, StringComparison.Ordinal);
        Assert.DoesNotContain("-b\"", whatIf.Shown, StringComparison.Ordinal);
        Assert.Equal(3, Directory.GetDirectories(_folder).Length);

        bench.Session.Answer("No");
        Assert.Single(bench.Run("Remove-VsBackup -Keep 1").WithoutErrors().Prompts);
        Assert.Equal(3, Directory.GetDirectories(_folder).Length);

        var run = bench.Run("Get-VsBackup | Remove-VsBackup -Confirm:$false -Verbose").WithoutErrors();
        Assert.Contains(run.Verbose, line => line.Contains("the last verified one", StringComparison.Ordinal));
        Assert.Equal([verified.Folder], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task The_table_fits_and_tells_which_are_verified()
    {
        await using var bench = await CreateAsync();
        bench.Run("Backup-VsDatabase -Tag a -Verify; Backup-VsDatabase -Tag b").WithoutErrors();

        var lines = bench.Session.Show("Get-VsBackup").Split('\n').Where(line => line.Length > 0).ToList();

        Assert.Matches("^Name +Size +Version +Verified$", lines[0]);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 100));
        Assert.EndsWith("no", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("= yes", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_that_is_killed_is_never_seen_and_the_next_one_works()
    {
        await using var bench = await CreateAsync();
        await using var other = await bench.Database.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = other.CreateCommand();
        command.CommandText = "BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var killed = await HostProgram.RunAsync(
            [$"Backup-VsDatabase -Path '{_folder}' -ConnectionString '{bench.Database.Url}'"], input: "", program => KillWhileWaiting(
                program, bench));

        Assert.NotEqual(0, killed.ExitCode);
        Assert.Contains(Directory.GetFileSystemEntries(_folder), path => Path.GetFileName(path).StartsWith(".partial-", StringComparison.Ordinal));
        Assert.Empty(bench.Run("Get-VsBackup").WithoutErrors().Output);
        await other.DisposeAsync();

        var next = Assert.Single(bench.Run("Backup-VsDatabase -Verify -PassThru").WithoutErrors().OutputOf<DatabaseBackup>());

        Assert.True(next.Verified);
        Assert.Equal([next.Folder], Directory.GetFileSystemEntries(_folder));
        // The pg_dump that was left behind is gone as well.
        while (await bench.Database.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()") > 0)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    // The process alone, not its children: that is what kill -9 does.
    static void KillWhileWaiting(Process program, Workbench bench)
    {
        while (bench.Database.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 't'::regclass").GetAwaiter().GetResult() < 2)
        {
            Assert.False(program.HasExited, "The backup ended before it waited.");
            Thread.Sleep(20);
        }

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
        var bench = await Workbench.CreateAsync();
        await bench.Database.ExecuteAsync(
            "CREATE TABLE t (id bigint PRIMARY KEY, name text); INSERT INTO t SELECT i, 'name ' || i FROM generate_series(1, 100) i");
        bench.Run($"$PSDefaultParameterValues['*-VsDatabase:Path'] = '{_folder}'; $PSDefaultParameterValues['*-VsBackup:Path'] = '{_folder}'; $PSDefaultParameterValues.Remove('*-Vs*:Path')")
            .WithoutErrors();
        return bench;
    }
}
