using System.Threading.Channels;

namespace VividShift.Migrations.PowerShell;

/// <summary>
/// Owns the threads: the engine works on the thread pool and posts closures; the pipeline thread, the only one that PowerShell lets
/// write, executes them until the engine has ended.
/// </summary>
sealed class PipelineThreadDispatcher : IDisposable
{
    readonly Channel<Action> _posted = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    readonly CancellationTokenSource _cancellation;

    public PipelineThreadDispatcher(CancellationToken stopping) => _cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);

    /// <summary>Leaves a closure for the pipeline thread. One that comes after the end has nobody left to tell and is dropped.</summary>
    public void Post(Action write) => _posted.Writer.TryWrite(write);

    /// <summary>Leaves a closure for the pipeline thread and waits until it has returned.</summary>
    public async Task PostAndWaitAsync(Action write, CancellationToken cancellationToken)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            write();
            written.SetResult();
        });

        // A closure that throws, or that is never reached because an earlier one threw, ends here through the pump's cancellation.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cancellation.Token);
        await written.Task.WaitAsync(either.Token);
    }

    /// <summary>
    /// Leaves a closure for the pipeline thread and waits until it has returned. Its MigrationException goes to the engine, which asked for
    /// it, and so does that it was cancelled; anything else ends the pipeline.
    /// </summary>
    public async Task AskAsync(Action act)
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                act();
                answered.SetResult();
            }
            catch (Exception e) when (e is MigrationException or OperationCanceledException)
            {
                answered.SetException(e);
            }
        });

        // Only the pump's own end gives up waiting: the thread is not free before the closure has returned.
        await answered.Task.WaitAsync(_cancellation.Token);
    }

    /// <summary>True when the pipeline is ending: what is left for its thread may never run.</summary>
    public bool IsEnding => _cancellation.IsCancellationRequested;

    /// <summary>Runs the work to its end; throws what a closure threw, else what the work threw.</summary>
    public T Run<T>(Func<CancellationToken, Task<T>> work)
    {
        var engine = Task.Run(() => CompleteAfter(work), CancellationToken.None);
        try
        {
            while (_posted.Reader.WaitToReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
            {
                while (_posted.Reader.TryRead(out var write))
                {
                    write();
                }
            }
        }
        catch
        {
            // PowerShell is ending the pipeline. Returning before the engine has rolled back and released its lock would leave both behind.
            _cancellation.Cancel();
            Task.WaitAny(engine);
            _ = engine.Exception;
            throw;
        }

        return engine.GetAwaiter().GetResult();
    }

    public void Dispose() => _cancellation.Dispose();

    async Task<T> CompleteAfter<T>(Func<CancellationToken, Task<T>> work)
    {
        try
        {
            return await work(_cancellation.Token);
        }
        finally
        {
            _posted.Writer.Complete();
        }
    }
}
