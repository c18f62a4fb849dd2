namespace VividShift.Migrations.PowerShell;

/// <summary>
/// Owns the threads: the engine works on the thread pool and posts closures; the pipeline thread, the only one that PowerShell lets
/// write, executes them until the engine has ended.
/// </summary>
sealed class PipelineThreadDispatcher : IDisposable
{
    /// <summary>How long what nobody waits for may lie: too short to be seen, and no thread is woken for each event of each migration.</summary>
    static readonly TimeSpan Unhurried = TimeSpan.FromMilliseconds(100);

    readonly object _gate = new();
    readonly CancellationTokenSource _cancellation;
    readonly CancellationTokenRegistration _wakesAll;
    List<Posted> _posted = [];
    bool _ended;

    public PipelineThreadDispatcher(CancellationToken stopping)
    {
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _wakesAll = _cancellation.Token.UnsafeRegister(static pump => ((PipelineThreadDispatcher)pump!).Wake(), this);
    }

    /// <summary>
    /// Leaves a closure for the pipeline thread, which comes for it before anything that is posted later, or in a moment. One that comes after the
    /// end has nobody left to tell and is dropped.
    /// </summary>
    public void Post(Action write)
    {
        lock (_gate)
        {
            Add(new(write));
        }
    }

    /// <summary>
    /// Leaves a closure for the pipeline thread and waits, on this thread, until it has returned: a migration takes milliseconds, and a task for
    /// each result costs more than to block.
    /// </summary>
    /// <exception cref="OperationCanceledException">
    /// It was cancelled, or the closure is never reached: it or one before it threw, or the engine has ended.
    /// </exception>
    public void PostAndWait(Action write, CancellationToken cancellationToken)
    {
        var posted = new Posted(write);
        using var wakes = cancellationToken == _cancellation.Token
            ? default
            : cancellationToken.UnsafeRegister(static pump => ((PipelineThreadDispatcher)pump!).Wake(), this);
        lock (_gate)
        {
            if (_ended)
            {
                throw new OperationCanceledException();
            }

            _posted.Add(posted);
            Monitor.PulseAll(_gate);
            while (!posted.Done)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _cancellation.Token.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>
    /// Leaves a closure for the pipeline thread and waits until it has returned. Its MigrationException goes to the engine, which asked for
    /// it, and so does that it was cancelled; anything else ends the pipeline.
    /// </summary>
    public async Task AskAsync(Action act)
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            Add(new(() =>
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
            }));
            Monitor.PulseAll(_gate);
        }

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
            for (var taken = Take([]); taken.Count > 0; taken = Take(taken))
            {
                foreach (var posted in taken)
                {
                    posted.Write();
                    Finish(posted);
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

    public void Dispose()
    {
        _wakesAll.Dispose();
        _cancellation.Dispose();
    }

    async Task<T> CompleteAfter<T>(Func<CancellationToken, Task<T>> work)
    {
        try
        {
            return await work(_cancellation.Token);
        }
        finally
        {
            lock (_gate)
            {
                _ended = true;
                Monitor.PulseAll(_gate);
            }
        }
    }

    void Add(Posted posted)
    {
        if (!_ended)
        {
            _posted.Add(posted);
        }
    }

    /// <summary>All that was posted meanwhile, for which it waits; nothing once the engine has ended.</summary>
    List<Posted> Take(List<Posted> emptied)
    {
        emptied.Clear();
        lock (_gate)
        {
            while (_posted.Count == 0 && !_ended)
            {
                Monitor.Wait(_gate, Unhurried);
            }

            (var taken, _posted) = (_posted, emptied);
            return taken;
        }
    }

    void Finish(Posted posted)
    {
        lock (_gate)
        {
            posted.Done = true;
            Monitor.PulseAll(_gate);
        }
    }

    void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    sealed class Posted(Action write)
    {
        public Action Write => write;

        public bool Done { get; set; }
    }
}
