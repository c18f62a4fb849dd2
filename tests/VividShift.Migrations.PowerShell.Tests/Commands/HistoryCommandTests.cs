using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Repair;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class HistoryCommandTests
{
    const string Rows = "SELECT version, description, success, encode(checksum, 'hex'), execution_time FROM _sqlx_migrations ORDER BY version";

    [Fact]
    public async Task WhatIf_shows_each_row_before_and_after_and_writes_nothing()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Run("Invoke-VsMigration").WithoutErrors();
        var before = await fixture.Database.QueryAsync(Rows);
        fixture.Folder.Add("0002_orders.up.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);\r\n");

        var run = fixture.Run("Repair-VsMigration -WhatIf").WithoutErrors();

        Assert.Empty(run.Output);
        Assert.Matches(
            "^What if: Performing the operation \"Change the row of 2 \\(orders\\): checksum [0-9a-f]{12}\\.\\.\\. -> [0-9a-f]{12}\\.\\.\\.; "
            + "proved to differ only in line endings \\(applied with LF\\)\" on target \"" + fixture.Target + "\"\\.\n$", run.Shown);
        Assert.Equal(before, await fixture.Database.QueryAsync(Rows));
    }

    [Fact]
    public async Task Line_endings_are_mended_and_a_real_edit_needs_a_word()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Run("Invoke-VsMigration").WithoutErrors();
        fixture.Folder.Add("0002_orders.up.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);\r\n");
        fixture.Folder.Add("0003_notes.up.sql", "-- Notes.\nCREATE TABLE notes (id bigint PRIMARY KEY);\n");

        var run = fixture.Run("Repair-VsMigration -Confirm:$false");

        Assert.Equal("RepairRefused,VividShift.Migrations.PowerShell.Commands.RepairVsMigrationCommand", run.OnlyError().FullyQualifiedErrorId);
        Assert.Contains("-Version 3 -AcceptChange", run.OnlyError().Exception.Message, StringComparison.Ordinal);
        var repaired = Assert.Single(run.OutputOf<HistoryChange>());
        Assert.Equal((2L, "Change", repaired.Before! with { Checksum = repaired.After!.Checksum }), (repaired.Version, repaired.Action, repaired.After));
        Assert.Contains(
            "sqlx would stop: migration 3 was previously applied but has been modified",
            Assert.Single(run.Warnings),
            StringComparison.Ordinal);
        Assert.Equal(
            [3L], fixture.Run("Repair-VsMigration -Version 3 -AcceptChange -Confirm:$false").WithoutErrors().OutputOf<HistoryChange>().Select(
                c => c.Version));
        Assert.Empty(fixture.Run("Get-VsMigrationStatus | Where State -ne Applied").WithoutErrors().Output);
        Assert.Empty(fixture.Run("Repair-VsMigration").WithoutErrors().Output);
    }

    [Theory]
    [InlineData("Repair-VsMigration -AcceptChange")]
    [InlineData("Repair-VsMigration -Applied")]
    [InlineData("Repair-VsMigration -Version 1 -NotApplied")]
    [InlineData("Repair-VsMigration -Version 1")]
    [InlineData("Repair-VsMigration -Version 9 -Missing")]
    [InlineData("Repair-VsMigration -Version 1 -Missing")]
    [InlineData("Register-VsMigration -Version 1")]
    [InlineData("Register-VsMigration -Version 9")]
    [InlineData("Register-VsMigration -Target 9")]
    [InlineData("Register-VsMigration -Version 4")]
    [InlineData("Unregister-VsMigration -Version 1")]
    [InlineData("Unregister-VsMigration -Version 3")]
    public async Task What_does_not_fit_is_refused_and_nothing_changes(string command)
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.AddTable(4, "late");
        fixture.Run("Invoke-VsMigration -Count 2").WithoutErrors();
        var before = await fixture.Database.QueryAsync(Rows);

        var error = fixture.Run(command + " -Confirm:$false").OnlyError();

        Assert.StartsWith("RepairRefused,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(before, await fixture.Database.QueryAsync(Rows));
    }

    [Theory]
    [InlineData("Register-VsMigration")]
    [InlineData("Unregister-VsMigration")]
    public async Task Nothing_is_done_without_versions(string command)
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        Assert.StartsWith("ParameterMissing,", fixture.Run(command).OnlyError().FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(fixture.Run($"@() | {command}").WithoutErrors().Output);
        Assert.Empty(await fixture.AppliedAsync());
    }

    [Fact]
    public async Task A_baseline_is_registered_and_taken_back()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        Assert.Equal(2, fixture.Run("Register-VsMigration -Target 2 -WhatIf").WithoutErrors().Shown.Split("What if:").Length - 1);
        Assert.False(await fixture.Database.ScalarAsync<bool>("SELECT to_regclass('_sqlx_migrations') IS NOT NULL"));

        var registered = fixture.Run("Register-VsMigration -Target 2").WithoutErrors();
        var piped = fixture.Run("Get-VsMigrationStatus | Where Pending | Register-VsMigration").WithoutErrors();

        Assert.Equal([1L, 2], registered.OutputOf<HistoryChange>().Select(c => c.Version));
        Assert.Equal(3, Assert.Single(piped.OutputOf<HistoryChange>()).Version);
        Assert.Equal([1L, 2, 3], await fixture.AppliedAsync());
        Assert.Empty(fixture.Run("Get-VsMigrationStatus | Where State -ne Applied").WithoutErrors().Output);
        Assert.False(await fixture.Database.ScalarAsync<bool>("SELECT to_regclass('users') IS NOT NULL"));

        fixture.Session.Answer("Yes", "No");
        var back = fixture.Run("Get-VsMigrationStatus | Unregister-VsMigration").WithoutErrors();

        Assert.Equal(2, back.Prompts.Count);
        Assert.Contains("Remove the row of 3 (notes)", back.Prompts[0].Message, StringComparison.Ordinal);
        Assert.Equal([1L, 2], await fixture.AppliedAsync());
        Assert.Equal(
            [1L],
            fixture.Run("Unregister-VsMigration 1 -Force -Confirm:$false").WithoutErrors().OutputOf<HistoryChange>().Select(c => c.Version));
    }

    [Theory]
    [InlineData("-Applied", "Applied")]
    [InlineData("-NotApplied", "Pending")]
    public async Task A_migration_that_stopped_half_way_is_settled(string how, string state)
    {
        await using var fixture = await Workbench.CreateAsync();
        fixture.Folder.Add("1_half.sql", "-- no-transaction\nCREATE TABLE half ();\nSELECT 1 / 0;\n");
        Assert.Single(fixture.Run("Invoke-VsMigration").Errors);

        var run = fixture.Run($"Get-VsMigrationStatus | Where State -eq Failed | Repair-VsMigration {how} -Confirm:$false").WithoutErrors();

        Assert.Single(run.OutputOf<HistoryChange>());
        Assert.Empty(run.Warnings);
        Assert.Equal(state, $"{fixture.Run("(Get-VsMigrationStatus).State").Output.Single()}");
    }

    [Fact]
    public async Task Rows_whose_files_are_gone_are_forgotten_unless_the_folder_looks_wrong()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Run("Invoke-VsMigration").WithoutErrors();
        fixture.Folder.Remove("0002_orders.up.sql");
        fixture.Folder.Remove("0002_orders.down.sql");

        Assert.Equal([2L], fixture.Run("Repair-VsMigration -Missing -Confirm:$false").WithoutErrors().OutputOf<HistoryChange>().Select(c => c.Version));
        Assert.Equal([1L, 3], await fixture.AppliedAsync());

        Directory.CreateDirectory(Path.Combine(fixture.Folder.Path, "empty"));
        var wrong = fixture.Run($"Repair-VsMigration -Missing -Path '{fixture.Folder.Path}/empty' -Confirm:$false").OnlyError();
        Assert.Contains("wrong folder", wrong.Exception.Message, StringComparison.Ordinal);
        Assert.Equal([1L, 3], await fixture.AppliedAsync());
    }

    [Fact]
    public async Task A_protected_environment_wants_its_name()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Run("Invoke-VsMigration").WithoutErrors();
        fixture.Folder.Add("vividshift.json", "{ \"protected\": true }");

        var refused = fixture.Run("Unregister-VsMigration -Version 3 -Confirm:$false -ConfirmEnvironment other").OnlyError();
        fixture.Run("Unregister-VsMigration -Version 3 -Confirm:$false -ConfirmEnvironment dev").WithoutErrors();

        Assert.StartsWith("EnvironmentProtected,", refused.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal([1L, 2], await fixture.AppliedAsync());
    }

    [Fact]
    public async Task A_session_that_was_left_with_the_lock_is_ended_and_one_at_work_is_not()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        Assert.Empty(fixture.Run("Repair-VsMigration -Unlock").WithoutErrors().Output);
        await using var service = await fixture.Database.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = service.CreateCommand();
        command.CommandText = FormattableString.Invariant($"SELECT pg_advisory_lock({await KeyAsync(fixture)})");
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        command.CommandText = "SELECT pg_sleep(60)";
        var working = command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        while (await fixture.Database.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()") == 0)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        var busy = fixture.Run("Repair-VsMigration -Unlock -Confirm:$false").OnlyError();
        Assert.Contains("it is at work", busy.Exception.Message, StringComparison.Ordinal);
        command.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working);
        var young = fixture.Run("Repair-VsMigration -Unlock -LongerThan 1h -Confirm:$false").OnlyError();
        Assert.Contains("it has been idle for", young.Exception.Message, StringComparison.Ordinal);

        var blocked = fixture.Run("Invoke-VsMigration -LockTimeoutSec 0").OnlyError();
        Assert.Contains("Repair-VsMigration -Unlock", blocked.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        var whatIf = fixture.Run("Repair-VsMigration -Unlock -LongerThan 0s -WhatIf").WithoutErrors();
        Assert.Contains(FormattableString.Invariant($"End session pid {service.ProcessID} (role"), whatIf.Shown, StringComparison.Ordinal);
        var ended = fixture.Run("Repair-VsMigration -Unlock -LongerThan 0s -Confirm:$false").WithoutErrors();

        Assert.Equal("Terminated", $"{Assert.Single(ended.Output).Properties["Outcome"].Value}");
        Assert.Equal(3, fixture.Run("Invoke-VsMigration").WithoutErrors().Output.Count);
    }

    [Fact]
    public async Task The_view_shows_what_differs()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        var shown = fixture.Session.Show("Register-VsMigration -Version 1").Split('\n');
        Assert.Matches("^Action +Version +Description +Difference$", shown[1]);
        Assert.Matches("^Add +1 +users +no row -> success true, checksum [0-9a-f]+", shown[3]);
        Assert.All(shown, line => Assert.InRange(line.Length, 0, 100));
    }

    /// <summary>As sqlx computes it: its constant times the database name's CRC-32.</summary>
    static async Task<long> KeyAsync(Workbench fixture)
    {
        var name = await fixture.Database.ScalarAsync<string>("SELECT current_database()::text");
        var crc = uint.MaxValue;
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(name!))
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
            }
        }

        return 0x3d32ad9eL * ~crc;
    }
}
