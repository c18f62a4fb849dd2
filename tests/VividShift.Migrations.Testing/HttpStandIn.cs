using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace VividShift.Migrations.Testing;

/// <summary>A request that the stand-in was sent.</summary>
/// <param name="Line">Method and path: <c>POST /maintenance/enable</c>.</param>
/// <param name="Authorization">The header, if any.</param>
/// <param name="ContentType">The header, if any.</param>
/// <param name="Body">The body as text.</param>
public sealed record HttpStandInRequest(string Line, string? Authorization, string? ContentType, string Body);

/// <summary>Stands in for an application: a small HTTP server on a real socket that remembers what it was asked.</summary>
public sealed class HttpStandIn : IAsyncDisposable
{
    readonly HttpListener _listener;
    readonly ConcurrentQueue<HttpStandInRequest> _requests = new();
    readonly Task _loop;

    /// <summary>Starts listening on a free port.</summary>
    public HttpStandIn()
    {
        (_listener, Port) = Listen();
        _loop = ServeAsync();
    }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>The address without a slash at the end.</summary>
    public string Url => FormattableString.Invariant($"http://127.0.0.1:{Port}");

    /// <summary>The requests so far.</summary>
    public IReadOnlyList<HttpStandInRequest> Requests => [.. _requests];

    /// <summary>Their methods and paths.</summary>
    public IReadOnlyList<string> Lines => [.. _requests.Select(request => request.Line)];

    /// <summary>The status to answer with; 200 when it is not set.</summary>
    public Func<HttpStandInRequest, int>? Answer { get; set; }

    /// <summary>Awaited before the answer: a slow application.</summary>
    public Func<HttpStandInRequest, Task>? Think { get; set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _loop;
        // Closing would take the prefix back a second time, which opens the port again: by now somebody else's.
        _listener.Prefixes.Clear();
        _listener.Close();
    }

    static (HttpListener Listener, int Port) Listen()
    {
        while (true)
        {
            int port;
            using (var probe = new TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                port = ((IPEndPoint)probe.LocalEndpoint).Port;
            }

            var listener = new HttpListener();
            listener.Prefixes.Add(FormattableString.Invariant($"http://127.0.0.1:{port}/"));
            try
            {
                listener.Start();
                return (listener, port);
            }
            catch (HttpListenerException)
            {
                // Another test took the port between the two lines; the next one is ours.
                listener.Prefixes.Clear();
            }
        }
    }

    async Task ServeAsync()
    {
        while (await NextAsync() is { } context)
        {
            _ = Task.Run(() => ServeAsync(context));
        }
    }

    async Task<HttpListenerContext?> NextAsync()
    {
        try
        {
            return await _listener.GetContextAsync();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            return null;
        }
    }

    async Task ServeAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var request = new HttpStandInRequest(
            $"{context.Request.HttpMethod} {context.Request.RawUrl}",
            context.Request.Headers["Authorization"],
            context.Request.ContentType,
            await reader.ReadToEndAsync());
        _requests.Enqueue(request);
        if (Think is not null)
        {
            await Think(request);
        }

        context.Response.StatusCode = Answer?.Invoke(request) ?? 200;
        if (context.Response.StatusCode is >= 300 and < 400)
        {
            context.Response.Headers["Location"] = Url + "/elsewhere";
        }

        context.Response.Close();
    }
}
