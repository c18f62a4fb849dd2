using VividShift.Migrations.Engine.Processes;

namespace VividShift.Migrations.Engine.Tests.Processes;

public sealed class BackoffTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pauses_grow_by_the_factor_up_to_the_longest_and_begin_anew_when_reset()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(5));
        List<double> pauses = [];
        for (var i = 0; i < 4; i++)
        {
            pauses.Add(backoff.Next.TotalMilliseconds);
            await backoff.WaitAsync(Token);
        }

        Assert.Equal([2, 4, 5, 5], pauses);
        Assert.True(backoff.Elapsed >= TimeSpan.FromMilliseconds(15), $"It paused for {backoff.Elapsed} only.");
        backoff.Reset();
        Assert.Equal(TimeSpan.FromMilliseconds(2), backoff.Next);
    }

    [Fact]
    public async Task A_pause_ends_early_when_there_is_nothing_to_wait_for() =>
        await new Backoff(TimeSpan.FromMinutes(10)).WaitAsync(Token, Task.CompletedTask).WaitAsync(TimeSpan.FromSeconds(5), Token);

    [Fact]
    public async Task A_pause_ends_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new Backoff(TimeSpan.FromMinutes(10)).WaitAsync(stop.Token));
    }
}
