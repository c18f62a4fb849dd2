namespace VividShift.Migrations.Engine.Processes;

/// <summary>Several pieces of work at a time. The first that fails ends the others, and is the one that is told.</summary>
static class Together
{
    /// <summary>Starts all and waits for all; none runs on when this returns or throws.</summary>
    public static async Task RunAsync(IEnumerable<Func<CancellationToken, Task>> works, CancellationToken cancellationToken)
    {
        using var failing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = works.Select(work => work(failing.Token)).ToList();
        while (running.Count > 0)
        {
            var done = await Task.WhenAny(running);
            running.Remove(done);
            if (!done.IsCompletedSuccessfully)
            {
                await failing.CancelAsync();
                await Task.WhenAll(running).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                await done;
            }
        }
    }
}
