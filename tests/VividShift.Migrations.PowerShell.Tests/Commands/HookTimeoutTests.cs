using System.Diagnostics;
using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class HookTimeoutTests
{
    [Theory]
    [InlineData("while ($true) { }")]
    [InlineData("while ($true) { [Threading.Thread]::Sleep(20) }")]
    [InlineData("try { while ($true) { try { throw 'again' } catch { } } } catch { 'never' }")]
    [InlineData("1..[int]::MaxValue | ForEach-Object { $_ } | Out-Null")]
    [InlineData("function Forever { trap { continue } while ($true) { throw 'again' } }; while ($true) { Forever }")]
    [InlineData("/bin/sleep 600")]
    [InlineData("try { while ($true) { } } finally { throw 'on the way out' }")]
    public async Task A_script_that_does_not_end_is_stopped_before_anything_is_written(string script)
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Folder.Add("forever.ps1", $"$global:began = $true; try {{ {script} }} finally {{ $global:ended = $true }}; $global:after = $true\n");
        fixture.Folder.Add("vividshift.json", """{ "hooks": { "beforeRun": [ { "script": "forever.ps1", "timeoutSec": 1 } ] } }""");
        var clock = Stopwatch.StartNew();

        var run = fixture.Run("Invoke-VsMigration");

        var error = run.OnlyError();
        Assert.StartsWith("HookFailed,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith(
            "The hook beforeRun (forever.ps1, vividshift.json:1) failed: it did not end within 1 s and was stopped. Nothing was changed: no migration was run.",
            error.ToString(),
            StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.Empty(run.Output);
        Assert.Empty(await fixture.AppliedAsync());
        Assert.Equal("True True", $"{fixture.Run("\"$began $ended$after\"").WithoutErrors().Output.Single()}");
    }

    [Fact]
    public async Task A_hook_that_may_fail_or_comes_after_is_a_warning_and_the_run_goes_on()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Folder.Add("forever.ps1", "while ($true) { }\n");
        fixture.Folder.Add("vividshift.json", """
            { "hooks": {
                "beforeRun": [ { "script": "forever.ps1", "timeoutSec": 1, "continueOnError": true } ],
                "afterRun": [ { "script": "forever.ps1", "timeoutSec": 1 } ] } }
            """);

        var run = fixture.Run("Invoke-VsMigration").WithoutErrors();

        Assert.Equal([1L, 2, 3], run.OutputOf<MigrationResult>().Select(result => result.Version));
        Assert.Equal(2, run.Warnings.Count(warning => warning.Contains("it did not end within 1 s and was stopped.", StringComparison.Ordinal)));
        Assert.Contains(
            run.Warnings,
            warning => warning.StartsWith("The hook afterRun (forever.ps1, vividshift.json:3) failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hook_between_migrations_leaves_what_is_applied_and_frees_the_lock()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Folder.Add("check.ps1", "param($Context) while ($Context.Version -eq 2) { }\n");
        fixture.Folder.Add("vividshift.json", """{ "hooks": { "beforeMigration": [ { "script": "check.ps1", "timeoutSec": 1 } ] } }""");

        var run = fixture.Run("Invoke-VsMigration");

        Assert.Contains("Migration 2 was not begun; applied in this run, and staying so: 1.", run.OnlyError().ToString(), StringComparison.Ordinal);
        Assert.Equal([1L], await fixture.AppliedAsync());
        Assert.Equal(0, await fixture.LocksAsync());
    }

    [Fact]
    public async Task What_a_script_says_comes_at_once_and_reaches_the_streams_of_the_caller()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Folder.Add("talk.ps1", """
            [CmdletBinding()] param($Context)
            'said'
            $PSCmdlet.WriteWarning('careful')
            $PSCmdlet.WriteInformation('aside', [string[]]@('Mine'))
            /bin/sh -c 'echo progress >&2; echo done'
            while ($true) { }

            """);
        fixture.Folder.Add(
            "vividshift.json", """{ "hooks": { "beforeRun": [ { "script": "talk.ps1", "timeoutSec": 2, "continueOnError": true } ] } }""");

        var run = fixture.Run(
            "Invoke-VsMigration -Count 1 -WarningVariable warned -InformationVariable told > $null; \"$warned\"; $told | % { \"$($_.Tags): $_\" }")
            .WithoutErrors();

        var lines = run.OutputOf<string>();
        Assert.StartsWith("careful ", lines[0], StringComparison.Ordinal);
        Assert.Equal(["Mine: aside", "VsHook: done", "VsHook: progress", "VsHook: said"], lines.Skip(1).Order(StringComparer.Ordinal));
        Assert.Contains("careful", run.Warnings);
    }
}
