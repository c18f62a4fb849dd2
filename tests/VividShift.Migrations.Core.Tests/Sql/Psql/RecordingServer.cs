using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace VividShift.Migrations.Core.Tests.Sql.Psql;

/// <summary>A statement as psql sent it, with the data of a COPY ... FROM STDIN.</summary>
sealed record SentStatement(string Text, string? Data);

/// <summary>
/// Speaks just enough of PostgreSQL's protocol for psql to believe that it runs a script, and writes down what psql sends: each
/// Query message is one statement as psql cut it. Exact, and without a real server there are no errors that change psql's course.
/// </summary>
sealed partial class RecordingServer : IDisposable
{
    /// <summary>A query of this form ends one script's statements.</summary>
    public const string Mark = "vividshift_end_of_script";

    const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture;

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    List<SentStatement> _current = [];

    public RecordingServer() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What was sent, script by script.</summary>
    public List<IReadOnlyList<SentStatement>> Scripts { get; } = [];

    /// <summary>Serves one connection to its end.</summary>
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        using var client = await _listener.AcceptTcpClientAsync(cancellationToken);
        client.NoDelay = true;
        await using var stream = new BufferedStream(client.GetStream());
        await StartAsync(stream, cancellationToken);
        while (await ReadMessageAsync(stream, cancellationToken) is ('Q', { } body))
        {
            await AnswerAsync(stream, Encoding.UTF8.GetString(body).TrimEnd('\0'), cancellationToken);
            Ready(stream);
            await stream.FlushAsync(cancellationToken);
        }
    }

    public void Dispose() => _listener.Dispose();

    static async Task StartAsync(Stream stream, CancellationToken cancellationToken)
    {
        // The start-up message is the only one without a type; sslmode and gssencmode are off, so it comes first.
        var length = new byte[4];
        await stream.ReadExactlyAsync(length, cancellationToken);
        await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(length) - 4], cancellationToken);
        Send(stream, 'R', [0, 0, 0, 0]);
        Parameter(stream, "server_version", "15.0");
        Parameter(stream, "client_encoding", "UTF8");
        Parameter(stream, "server_encoding", "UTF8");
        Parameter(stream, "standard_conforming_strings", "on");
        Ready(stream);
        await stream.FlushAsync(cancellationToken);
    }

    async Task AnswerAsync(Stream stream, string text, CancellationToken cancellationToken)
    {
        if (text.StartsWith(Mark, StringComparison.Ordinal))
        {
            Scripts.Add(_current);
            _current = [];
            Parameter(stream, "standard_conforming_strings", "on");
        }
        else
        {
            string? data = null;
            if (IsCopyFromClient(text))
            {
                Send(stream, 'G', [0, 0, 0]);
                await stream.FlushAsync(cancellationToken);
                data = await ReadCopyAsync(stream, cancellationToken);
            }

            _current.Add(new(text, data));
            if (StandardConformingStringsTracker().Match(text) is { Success: true } setting)
            {
                Parameter(stream, "standard_conforming_strings", setting.Groups["value"].Value);
            }
        }

        Send(stream, 'C', "OK\0"u8);
    }

    static async Task<string> ReadCopyAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var data = new MemoryStream();
        while (await ReadMessageAsync(stream, cancellationToken) is ('d', { } body))
        {
            data.Write(body);
        }

        return Encoding.UTF8.GetString(data.ToArray());
    }

    static bool IsCopyFromClient(string text) =>
        CopyFromClient().IsMatch(Opaque().Replace(Opaque().Replace(text, " "), " "));

    static async Task<(char Type, byte[] Body)?> ReadMessageAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new byte[5];
        if (await stream.ReadAtLeastAsync(head, 5, throwOnEndOfStream: false, cancellationToken) < 5)
        {
            return null;
        }

        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return ((char)head[0], body);
    }

    static void Ready(Stream stream) => Send(stream, 'Z', "I"u8);

    static void Parameter(Stream stream, string name, string value) => Send(stream, 'S', Encoding.ASCII.GetBytes($"{name}\0{value}\0"));

    static void Send(Stream stream, char type, ReadOnlySpan<byte> body)
    {
        Span<byte> head = stackalloc byte[5];
        head[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], body.Length + 4);
        stream.Write(head);
        stream.Write(body);
    }

    [GeneratedRegex("""^\s*copy\s.*\sfrom\s+(stdin|stdout)\b""", Options, 10_000)]
    private static partial Regex CopyFromClient();

    [GeneratedRegex("""'[^']*'|"[^"]*"|/\*.*?\*/|--[^\r\n]*|\([^()]*\)""", RegexOptions.Singleline, 10_000)]
    private static partial Regex Opaque();

    [GeneratedRegex("""^\s*set\s+standard_conforming_strings\s*(?:=|to)\s*'?(?<value>on|off)""", Options, 10_000)]
    private static partial Regex StandardConformingStringsTracker();
}
