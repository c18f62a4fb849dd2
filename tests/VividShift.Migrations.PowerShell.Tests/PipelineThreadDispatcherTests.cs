namespace VividShift.Migrations.PowerShell.Tests;

public class PipelineThreadDispatcherTests
{
    [Fact]
    public void What_is_posted_runs_in_order_on_the_thread_that_runs_the_pump()
    {
        using var pump = new PipelineThreadDispatcher(CancellationToken.None);
        var thread = Environment.CurrentManagedThreadId;
        var ran = new List<(string What, int Thread)>();
        pump.Run(token =>
        {
            Assert.NotEqual(thread, Environment.CurrentManagedThreadId);
            pump.Post(() => ran.Add(("event", Environment.CurrentManagedThreadId)));
            pump.PostAndWait(() => ran.Add(("result", Environment.CurrentManagedThreadId)), token);
            Assert.Equal(2, ran.Count);
            pump.Post(() => ran.Add(("last", Environment.CurrentManagedThreadId)));
            return Task.FromResult(true);
        });
        Assert.Equal([("event", thread), ("result", thread), ("last", thread)], ran);
    }

    [Fact]
    public void What_nobody_waits_for_runs_while_the_engine_still_works()
    {
        using var pump = new PipelineThreadDispatcher(CancellationToken.None);
        pump.Run(async token =>
        {
            var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            pump.Post(ran.SetResult);
            await ran.Task.WaitAsync(TimeSpan.FromSeconds(30), token);
            return true;
        });
    }

    [Fact]
    public void A_closure_that_throws_cancels_the_engine_and_is_rethrown_when_that_has_ended()
    {
        using var pump = new PipelineThreadDispatcher(CancellationToken.None);
        var cleanedUp = false;
        var thrown = Assert.Throws<InvalidOperationException>(() => pump.Run(async token =>
        {
            try
            {
                pump.PostAndWait(() => throw new InvalidOperationException("stop"), token);
            }
            finally
            {
                await Task.Delay(50, CancellationToken.None);
                cleanedUp = true;
            }

            return true;
        }));
        Assert.Equal(("stop", true), (thrown.Message, cleanedUp));
    }

    [Fact]
    public void Whoever_waits_for_a_closure_is_let_go_when_it_is_stopped()
    {
        using var stopping = new CancellationTokenSource();
        using var pump = new PipelineThreadDispatcher(stopping.Token);
        Assert.ThrowsAny<OperationCanceledException>(() => pump.Run(token =>
        {
            // The closure occupies the pipeline's thread until the wait for it has been given up.
            using var givenUp = new ManualResetEventSlim();
            try
            {
                pump.PostAndWait(() => StopAndWait(givenUp), token);
            }
            finally
            {
                givenUp.Set();
            }

            return Task.FromResult(true);
        }));

        void StopAndWait(ManualResetEventSlim givenUp)
        {
            stopping.Cancel();
            Assert.True(givenUp.Wait(TimeSpan.FromSeconds(30)));
        }
    }

    [Fact]
    public void A_token_of_its_own_ends_the_wait_for_a_closure()
    {
        using var pump = new PipelineThreadDispatcher(CancellationToken.None);
        using var limit = new CancellationTokenSource();
        var ran = false;
        pump.Run(_ =>
        {
            limit.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => pump.PostAndWait(() => ran = true, limit.Token));
            return Task.FromResult(true);
        });
        Assert.True(ran);
    }
}
