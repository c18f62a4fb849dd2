namespace VividShift.Migrations.Engine.Processes;

/// <summary>A piece of work that goes on beside others until its result is wanted. When nobody wants it any more it is ended.</summary>
sealed class BackgroundTask<T> : IAsyncDisposable
{
    readonly CancellationTokenSource _end;

    /// <summary>Starts it.</summary>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Ends it, too.</param>
    public BackgroundTask(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Result = Task.Run(() => work(_end.Token), cancellationToken);
    }

    /// <summary>What comes of it, or its failure.</summary>
    public Task<T> Result { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        // Its failure, if any, was told where the result was wanted; elsewhere another one was first.
        await Result.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _end.Dispose();
    }
}
