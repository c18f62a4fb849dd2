using System.Diagnostics;
using System.Text;

namespace VividShift.Migrations.Engine.Processes;

/// <summary>Runs a program to its end without a window, without a shell and without blocking a thread.</summary>
internal static class ExternalProgram
{
    // On Windows the server inherits pg_ctl's handles, so the pipe never ends although pg_ctl has.
    static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(1);

    /// <summary>A start description with redirected streams; PostgreSQL's own variables are taken away from the child.</summary>
    public static ProcessStartInfo Describe(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            // The caller's folder may be closed to the user that the program runs as; initdb dies there.
            WorkingDirectory = OperatingSystem.IsWindows() ? Path.GetTempPath() : "/",
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        // The server takes PGPORT, PGDATA and PGTZ as defaults, and messages must be in English to be understood.
        foreach (var name in start.Environment.Keys.Where(static key => key.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";
        return start;
    }

    /// <summary>Runs it; when cancelled, ends it with its children and throws.</summary>
    public static async Task<ProgramOutput> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = start };
        process.Start();
        process.StandardInput.Close();
        var output = new StringBuilder();
        var errors = new StringBuilder();
        var pipes = Task.WhenAll(CollectAsync(process.StandardOutput, output), CollectAsync(process.StandardError, errors));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
        await Task.WhenAny(pipes, Task.Delay(PipeGrace, cancellationToken));
        lock (output)
        {
            lock (errors)
            {
                return new ProgramOutput(process.ExitCode, output.ToString(), errors.ToString());
            }
        }
    }

    static async Task CollectAsync(StreamReader reader, StringBuilder into)
    {
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            lock (into)
            {
                into.Append(buffer, 0, read);
            }
        }
    }
}
