using System.Diagnostics;
using System.Text;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Processes;

namespace VividShift.Migrations.Engine.PgTools;

/// <summary>How a client program ended.</summary>
/// <param name="ExitCode">Its exit code; 0 is success.</param>
/// <param name="Complaints">The last lines that it wrote to standard error, the ones of --verbose left out.</param>
internal sealed record ClientEnd(int ExitCode, IReadOnlyList<string> Complaints)
{
    /// <summary>What the programs put before a message that is not for --verbose alone.</summary>
    public static readonly string[] Severities = ["error:", "warning:", "fatal:", "hint:", "detail:"];

    public bool Succeeded => ExitCode == 0;

    /// <summary>
    /// The complaints of a program that did its work: those with a severity. Several jobs write their lines in pieces and into each other's, so
    /// that a line of --verbose may have lost its beginning.
    /// </summary>
    public IEnumerable<string> Warnings => Complaints.Where(line => Array.Exists(Severities, word => line.Contains(word, StringComparison.Ordinal)));

    /// <summary>The complaints, to be put behind a sentence.</summary>
    public string Said => Complaints.Count == 0 ? "It said nothing." : "It said:\n" + string.Join('\n', Complaints) + "\n";
}

/// <summary>
/// Runs a client program against a database: without a shell, never asking for a password, which is in its environment alone. When
/// cancelled, it is ended with its children.
/// </summary>
internal sealed class ClientRun(ClientProgram program, ResolvedDatabase database)
{
    const int KeptLines = 20;

    /// <summary>Called on some thread for each line of standard error, as it comes; the detail lines of --verbose among them.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>Called once the process runs.</summary>
    public Action<Process>? OnStarted { get; init; }

    /// <summary>Feeds its standard input, which is then closed; null: it gets none.</summary>
    public Func<Stream, CancellationToken, Task>? Input { get; init; }

    /// <summary>Reads its standard output to the end; null: it is thrown away.</summary>
    public Func<Stream, CancellationToken, Task>? Output { get; init; }

    /// <summary>Settings of its sessions, in the form of PGOPTIONS; null: none but the connection's own.</summary>
    public string? SessionOptions { get; init; }

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid or ToolMissing.</exception>
    public async Task<ClientEnd> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = ExternalProgram.Describe(program.Path, arguments);
        foreach (var (name, value) in ClientEnvironment.Of(database, program.Major))
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        if (SessionOptions is not null)
        {
            start.Environment["PGOPTIONS"] = $"{(start.Environment.TryGetValue("PGOPTIONS", out var own) ? own : "")} {SessionOptions}".TrimStart();
        }

        start.StandardErrorEncoding = Encoding.UTF8;
        var complaints = new Queue<string>();
        var run = new ExternalProgram(start)
        {
            OnStarted = OnStarted,
            Input = Input,
            Output = Output is null ? null : (reader, token) => Output(reader.BaseStream, token),
            Errors = (reader, token) => ReadErrorsAsync(reader, complaints, token),
        };
        try
        {
            return new ClientEnd(await run.RunAsync(cancellationToken), [.. complaints]);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw ClientFailure.Missing([program.Name], $"'{program.Path}' does not start: {e.Message.TrimEnd('.')}");
        }
    }

    /// <summary>A name in a connection string of libpq, where a name alone would be taken apart if it holds an equals sign.</summary>
    public static string Conninfo(string databaseName) => $"dbname={ConnectionPairs.Quote(databaseName)}";

    async Task ReadErrorsAsync(StreamReader errors, Queue<string> complaints, CancellationToken cancellationToken)
    {
        while (await errors.ReadLineAsync(cancellationToken) is { } line)
        {
            OnLine?.Invoke(line);
            if (IsDetail(line))
            {
                continue;
            }

            complaints.Enqueue(line);
            if (complaints.Count > KeptLines)
            {
                complaints.Dequeue();
            }
        }
    }

    /// <summary>What --verbose adds has no severity behind the program's name.</summary>
    bool IsDetail(string line) => line.StartsWith(program.Name + ": ", StringComparison.Ordinal)
        && !Array.Exists(ClientEnd.Severities, word => line.AsSpan(program.Name.Length + 2).StartsWith(word));
}
