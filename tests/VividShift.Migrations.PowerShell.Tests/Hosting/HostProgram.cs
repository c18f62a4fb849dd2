using System.Diagnostics;

namespace VividShift.Migrations.PowerShell.Tests.Hosting;

/// <summary>The host, run as a program of its own with its streams redirected.</summary>
public sealed record HostProgram(int ExitCode, string Output, string Errors)
{
    /// <summary>The lines of standard output.</summary>
    public IReadOnlyList<string> Lines => Output.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs a script given as argument.</summary>
    public static Task<HostProgram> RunAsync(string script) => RunAsync([script], input: "");

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Runs it with these arguments and this input. One that does not end is killed, and fails the test.</summary>
    public static async Task<HostProgram> RunAsync(IEnumerable<string> arguments, string input, Action<Process>? meanwhile = null)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", BuildFacts.Of("HostProgram"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var program = DefaultInterrupt.Start(start);
        var output = program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.StandardInput.WriteAsync(input);
        program.StandardInput.Close();
        meanwhile?.Invoke(program);
        try
        {
            await program.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            program.Kill(entireProcessTree: true);
            Assert.Fail($"The host did not end within {Limit} and was killed. It wrote:\n{await output}\n{await errors}");
        }

        return new HostProgram(program.ExitCode, await output, await errors);
    }
}
