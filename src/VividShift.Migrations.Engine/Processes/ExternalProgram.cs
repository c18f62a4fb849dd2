using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace VividShift.Migrations.Engine.Processes;

/// <summary>
/// Runs a program to its end without a window, without a shell and without blocking a thread. When cancelled, or when one of its streams fails,
/// it is ended with its children. CliWrap, which another package brings along, waits for the program before it looks at the streams: a program
/// whose output nobody reads any more would block on a full pipe for ever.
/// </summary>
internal sealed class ExternalProgram(ProcessStartInfo start)
{
    // On Windows the server inherits pg_ctl's handles, so the pipe never ends although pg_ctl has.
    static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(1);

    /// <summary>Called once the process runs.</summary>
    public Action<Process>? OnStarted { get; init; }

    /// <summary>Feeds its standard input, which is then closed; null: it gets none.</summary>
    public Func<Stream, CancellationToken, Task>? Input { get; init; }

    /// <summary>Reads its standard output to the end; null: it is thrown away.</summary>
    public Func<StreamReader, CancellationToken, Task>? Output { get; init; }

    /// <summary>Reads its standard error to the end; null: it is thrown away.</summary>
    public Func<StreamReader, CancellationToken, Task>? Errors { get; init; }

    /// <summary>How long its streams may stay open when it has ended; null: whatever it takes.</summary>
    TimeSpan? Grace { get; init; }

    /// <summary>A start description with redirected streams; PostgreSQL's own variables are taken away from the child.</summary>
    public static ProcessStartInfo Describe(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            // The caller's folder may be closed to the user that the program runs as; initdb dies there.
            WorkingDirectory = OperatingSystem.IsWindows() ? Path.GetTempPath() : "/",
        };
        // The server takes PGPORT, PGDATA and PGTZ as defaults, and messages must be in English to be understood.
        foreach (var name in start.Environment.Keys.Where(static key => key.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";
        return start;
    }

    /// <summary>Runs a program that needs no input, and keeps what it writes.</summary>
    public static async Task<ProgramOutput> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        var exitCode = await new ExternalProgram(start)
        {
            Output = (reader, token) => CollectAsync(reader, output, token),
            Errors = (reader, token) => CollectAsync(reader, errors, token),
            Grace = PipeGrace,
        }.RunAsync(cancellationToken);
        // A pipe that outlives the program may still be read.
        lock (output)
        {
            lock (errors)
            {
                return new(exitCode, output.ToString(), errors.ToString());
            }
        }
    }

    /// <summary>Runs it.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = new Process { StartInfo = start };
        process.Start();
        using var failing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            OnStarted?.Invoke(process);
            var exit = process.WaitForExitAsync(failing.Token);
            List<Task> pending =
            [
                exit,
                WriteAsync(process.StandardInput, failing.Token),
                (Output ?? SkipAsync)(process.StandardOutput, failing.Token),
                (Errors ?? SkipAsync)(process.StandardError, failing.Token),
            ];
            while (pending.Count > 0 && !(exit.IsCompleted && Grace is not null))
            {
                var done = await Task.WhenAny(pending);
                pending.Remove(done);
                await done;
            }

            var streams = Task.WhenAll(pending);
            if (await Task.WhenAny(streams, Task.Delay(Grace ?? TimeSpan.Zero, failing.Token)) == streams)
            {
                await streams;
            }

            return process.ExitCode;
        }
        catch
        {
            await failing.CancelAsync();
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    static Task SkipAsync(StreamReader reader, CancellationToken cancellationToken) =>
        reader.BaseStream.CopyToAsync(Stream.Null, cancellationToken);

    async Task WriteAsync(StreamWriter input, CancellationToken cancellationToken)
    {
        try
        {
            if (Input is not null)
            {
                await Input(input.BaseStream, cancellationToken);
            }

            await input.BaseStream.DisposeAsync();
        }
        catch (IOException)
        {
            // The program ended before it had read everything; its exit code and what it wrote say why.
        }
    }

    static async Task CollectAsync(StreamReader reader, StringBuilder into, CancellationToken cancellationToken)
    {
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellationToken)) > 0)
        {
            lock (into)
            {
                into.Append(buffer, 0, read);
            }
        }
    }
}

/// <summary>What a program left behind when it ended.</summary>
/// <param name="ExitCode">Its exit code; 0 is success.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed partial record ProgramOutput(int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>What one of PostgreSQL's programs answers to <c>--version</c>: <c>15.4</c>, <c>17beta1</c>; null when it failed, or is none of them.</summary>
    public string? Version => Succeeded && VersionPattern().Match(Output) is { Success: true } match ? match.Groups["version"].Value : null;

    /// <summary>Both streams without blank ends, for a message.</summary>
    public string Text => string.Join('\n', new[] { Output.Trim(), Errors.Trim() }.Where(static part => part.Length > 0));

    [GeneratedRegex(
        @"\(PostgreSQL\)\s+(?<version>\d[\w.]*)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionPattern();
}
