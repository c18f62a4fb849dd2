using System.Diagnostics;
using System.Globalization;
using VividShift.Migrations.PowerShell.Tests.Hosting;

namespace VividShift.Migrations.PowerShell.Tests;

public sealed class HostProgramTests
{
    [Theory]
    [InlineData("1..3 | % { $_ * 2 } | Where { $_ -gt 2 }", 0, "4 6", "")]
    [InlineData("'before'; exit 7; 'never'", 7, "before", "")]
    [InlineData("throw 'no'; 'never'", 1, "", "no")]
    [InlineData("Get-Nothing; 'after'", 1, "after", "Get-Nothing")]
    [InlineData("try { throw 'no' } catch { 'caught' }", 0, "caught", "")]
    [InlineData("$ErrorActionPreference = 'Stop'; Get-VsMigrationStatus -LiteralPath nowhere; 'never'", 1, "", "nowhere")]
    [InlineData("'never'; if (", 1, "", "if (")]
    public async Task The_exit_code_tells_whether_the_script_went_well(string script, int exitCode, string output, string errors)
    {
        var run = await HostProgram.RunAsync(script);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(output, string.Join(' ', run.Lines));
        Assert.Equal(errors.Length == 0, run.Errors.Length == 0);
        Assert.Contains(errors, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_comes_from_standard_input_when_there_is_no_argument()
    {
        var run = await HostProgram.RunAsync([], "$x = 2\nif ($true) {\n  $x * 21\n}\n");

        Assert.Equal((0, "42"), (run.ExitCode, run.Output.Trim()));
    }

    [Fact]
    public async Task Each_statement_shows_a_table_of_its_own_and_nothing_is_coloured()
    {
        var run = await HostProgram.RunAsync("[pscustomobject]@{ First = 1 }; [pscustomobject]@{ Second = 2 }");

        Assert.Equal(["First", "-----", "1", "Second", "------", "2"], run.Lines.Select(line => line.Trim()));
    }

    [Fact]
    public async Task What_is_no_output_goes_to_standard_error()
    {
        var run = await HostProgram.RunAsync(
            "function Talk { [CmdletBinding()] param() $PSCmdlet.WriteWarning('w'); $PSCmdlet.WriteVerbose('v'); 'out' }; Talk -Verbose");

        Assert.Equal("out", run.Output.Trim());
        Assert.Equal("WARNING: w\nVERBOSE: v", run.Errors.ReplaceLineEndings("\n").Trim());
    }

    [Theory]
    [InlineData("y\n", 0, "did")]
    [InlineData("n\n", 0, "")]
    [InlineData("what\n?\nYES\n", 0, "did")]
    [InlineData("\n", 0, "did")]
    [InlineData("", 1, "")]
    public async Task Questions_are_answered_from_standard_input(string answers, int exitCode, string output)
    {
        var run = await HostProgram.RunAsync(
            ["function Ask { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param() if ($PSCmdlet.ShouldProcess('it', 'Do')) { 'did' } }; Ask"],
            answers);

        Assert.Equal((exitCode, output), (run.ExitCode, run.Output.Trim()));
        Assert.Contains("[Y] Yes  [A] Yes to All  [N] No  [L] No to All", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_stops_the_script_in_order(string signal, int exitCode)
    {
        Assert.False(OperatingSystem.IsWindows(), "Windows has no signals to send; this suite runs where there are.");
        var ready = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var run = await HostProgram.RunAsync(
                [$"try {{ [IO.File]::WriteAllText('{ready}', ''); while ($true) {{ [Threading.Thread]::Sleep(20) }} }} finally {{ [IO.File]::Delete('{ready}') }}"],
                input: "",
                program => SignalOnceThere(program, ready, signal));

            Assert.Equal(exitCode, run.ExitCode);
            Assert.False(File.Exists(ready), "The script's finally block did not run.");
        }
        finally
        {
            File.Delete(ready);
        }
    }

    [Fact]
    public async Task Ctrl_C_while_the_script_of_a_hook_loops_ends_the_run_and_cleans_up()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        var (ready, cleaned) = (fixture.Folder.PathOf("ready"), fixture.Folder.PathOf("cleaned"));
        fixture.Folder.Add("forever.ps1", $"[IO.File]::WriteAllText('{ready}', ''); while ($true) {{ }}\n");
        fixture.Folder.Add("clean.ps1", $"param($Context) [IO.File]::WriteAllText('{cleaned}', $Context.Error)\n");
        var settings = fixture.Folder.Add(
            "vividshift.json",
            """{ "hooks": { "beforeRun": [ { "script": "forever.ps1", "timeoutSec": 600 } ], "onFailure": [ { "script": "clean.ps1" } ] } }""");

        var run = await HostProgram.RunAsync(
            [$"Invoke-VsMigration -Path '{fixture.Folder.Path}' -ConnectionString '{fixture.Database.Url}' -ConfigurationPath '{settings}'"],
            input: "",
            program => SignalOnceThere(program, ready, "INT"));

        Assert.Equal((130, ""), (run.ExitCode, run.Output.Trim()));
        Assert.Equal("The run was stopped.", await File.ReadAllTextAsync(cleaned, TestContext.Current.CancellationToken));
        Assert.Empty(await fixture.AppliedAsync());
        Assert.Equal(0, await fixture.LocksAsync());
    }

    static void SignalOnceThere(Process program, string ready, string signal)
    {
        SpinWait.SpinUntil(() => File.Exists(ready) || program.HasExited);
        using var kill = Process.Start("kill", ["-" + signal, program.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
