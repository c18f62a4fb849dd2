using System.Net.Http.Headers;
using System.Text;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Hooks;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Hooks;

/// <summary>
/// An HTTP request. Redirections are not followed: the headers hold secrets that belong to the host that was named. What the host answers is not
/// repeated: it may echo them.
/// </summary>
sealed class HttpHook(HookDescription description, bool continueOnError, HttpHookRequest request) : Hook(description, continueOnError)
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    public override async Task RunAsync(
        HookContext context, IMigrationObserver observer, IScriptHost scripts, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = request.Timeout };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var waiting = new Backoff(FirstPause, LongestPause);
        for (var attempt = 0; ; attempt++)
        {
            if (await TryAsync(client, cancellationToken) is not { } problem)
            {
                return;
            }

            if (attempt == request.Retries)
            {
                throw new HookFailedException(
                    request.Retries == 0 ? problem : FormattableString.Invariant($"{problem}, {request.Retries + 1} times"));
            }

            observer.Report(new VerboseMessage($"{Description.Action}: {problem}; trying again."));
            await waiting.WaitAsync(cancellationToken);
        }
    }

    /// <summary>What went wrong, in words; null when nothing did.</summary>
    async Task<string?> TryAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(request.Timeout);
        using var message = Message();
        try
        {
            using var answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var status = (int)answer.StatusCode;
            return request.Accepts(status) ? null : FormattableString.Invariant($"it answered {status}, {request.Expectation} was expected");
        }
        catch (HttpRequestException e)
        {
            return $"it did not answer: {e.Message.TrimEnd('.')}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return FormattableString.Invariant($"it did not answer within {request.Timeout.TotalSeconds} s");
        }
    }

    HttpRequestMessage Message()
    {
        var message = new HttpRequestMessage(request.Method, request.Url);
        if (request.Body is not null)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(request.Body));
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        foreach (var (name, value) in request.Headers)
        {
            // Content-Type and its kin belong to the content, and there is none without a body.
            if (!message.Headers.TryAddWithoutValidation(name, value) && message.Content is { } content)
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }
}

/// <summary>The parts of a request. A class and not a record: nothing should print its headers by accident.</summary>
sealed class HttpHookRequest
{
    public required HttpMethod Method { get; init; }

    public required Uri Url { get; init; }

    public required IReadOnlyList<(string Name, string Value)> Headers { get; init; }

    public string? Body { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>The answers that count as success; empty: 200 to 299.</summary>
    public required IReadOnlyList<int> ExpectStatus { get; init; }

    public required int Retries { get; init; }

    public string Expectation => ExpectStatus.Count == 0 ? "2xx" : string.Join(" or ", ExpectStatus);

    public bool Accepts(int status) => ExpectStatus.Count == 0 ? status is >= 200 and <= 299 : ExpectStatus.Contains(status);
}
