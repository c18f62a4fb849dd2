using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace VividShift.Migrations.Engine.Tests.Connections;

/// <summary>
/// Speaks just enough of PostgreSQL's protocol to answer each start-up message with an error: what a server that is starting, or a
/// pooler, says. It knows TLS when it has a certificate. The last answer is repeated.
/// </summary>
sealed class RefusingServer : IAsyncDisposable
{
    const int SslRequest = 80877103;
    const int GssEncryptionRequest = 80877104;

    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Queue<(string SqlState, string Message)> _answers;
    readonly Task _serving;

    internal RefusingServer(params (string SqlState, string Message)[] answers)
    {
        _answers = new(answers);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>What it shows to who asks for TLS; null: it has none.</summary>
    internal X509Certificate2? Certificate { get; init; }

    internal string Url => FormattableString.Invariant($"postgresql://ann:x@127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/d");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client.GetStream());
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or AuthenticationException)
            {
                // The client hung up, which is how it refuses to go on without TLS; or the test is over.
            }
        }
    }

    async Task AnswerAsync(Stream stream)
    {
        var head = new byte[8];
        while (true)
        {
            await stream.ReadExactlyAsync(head, _stop.Token);
            var rest = new byte[BinaryPrimitives.ReadInt32BigEndian(head) - head.Length];
            await stream.ReadExactlyAsync(rest, _stop.Token);
            var request = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4));
            if (request is not (SslRequest or GssEncryptionRequest))
            {
                break;
            }

            if (request == SslRequest && Certificate is not null)
            {
                await stream.WriteAsync("S"u8.ToArray(), _stop.Token);
                var encrypted = new SslStream(stream);
                await encrypted.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _stop.Token);
                stream = encrypted;
                continue;
            }

            await stream.WriteAsync("N"u8.ToArray(), _stop.Token);
        }

        var answer = _answers.Count > 1 ? _answers.Dequeue() : _answers.Peek();
        var fields = Encoding.UTF8.GetBytes($"SFATAL\0VFATAL\0C{answer.SqlState}\0M{answer.Message}\0\0");
        var message = new byte[5 + fields.Length];
        message[0] = (byte)'E';
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), 4 + fields.Length);
        fields.CopyTo(message, 5);
        await stream.WriteAsync(message, _stop.Token);
    }
}
