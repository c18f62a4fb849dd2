using System.Diagnostics;

namespace VividShift.Migrations.Engine.Processes;

/// <summary>Pauses between tries: the first is short, each further one longer by a factor, up to the longest.</summary>
sealed class Backoff(TimeSpan first, TimeSpan longest, double factor = 2)
{
    readonly long _began = Stopwatch.GetTimestamp();
    TimeSpan? _next;

    /// <summary>Pauses that are all as long.</summary>
    public Backoff(TimeSpan pause)
        : this(pause, pause)
    {
    }

    /// <summary>Since the first try.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <summary>How long the next pause will be.</summary>
    public TimeSpan Next => _next ?? first;

    /// <summary>Begins with short pauses again.</summary>
    public void Reset() => _next = null;

    /// <summary>Pauses.</summary>
    /// <param name="cancellationToken">Ends the pause, and throws.</param>
    /// <param name="end">Ends the pause, too.</param>
    public async Task WaitAsync(CancellationToken cancellationToken, Task? end = null)
    {
        var pause = Task.Delay(Next, cancellationToken);
        _next = Next * factor < longest ? Next * factor : longest;
        await (end is null ? pause : await Task.WhenAny(pause, end));
    }
}
