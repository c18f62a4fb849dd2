using System.Diagnostics;

namespace VividShift.Migrations.PowerShell.Tests.Hosting;

/// <summary>A pwsh process with the module imported, its streams redirected and nobody to answer questions.</summary>
public sealed record PwshProgram(int ExitCode, string Output, string Errors)
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>The lines of standard output.</summary>
    public IReadOnlyList<string> Lines => Output.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs a script; meanwhile something may happen to the process. One that does not end is killed, and fails the test.</summary>
    public static async Task<PwshProgram> RunAsync(string script, Func<Process, Task>? meanwhile = null)
    {
        // The tool's own program is a shim that starts this one: signals and kills would reach the shim alone.
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                BuildFacts.Of("Pwsh"), "-NoProfile", "-NonInteractive",
                "-Command", $"Import-Module '{PowerShellSession.Manifest}' -ErrorAction Stop\n{script}",
            },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var program = DefaultInterrupt.Start(start);
        program.StandardInput.Close();
        var output = program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            if (meanwhile is not null)
            {
                await meanwhile(program).WaitAsync(Limit);
            }

            await program.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            program.Kill(entireProcessTree: true);
            Assert.Fail($"pwsh did not end within {Limit} and was killed. It wrote:\n{await output}\n{await errors}");
        }

        return new PwshProgram(program.ExitCode, await output, await errors);
    }

    /// <summary>Waits until something is there; fails when the process ends before.</summary>
    public static async Task UntilAsync(Process program, Func<Task<bool>> there)
    {
        while (!await there())
        {
            Assert.False(program.HasExited, "pwsh ended before what the test waits for was there.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
