using VividShift.Migrations.Engine.Processes;

namespace VividShift.Migrations.Engine.Tests.Processes;

public sealed class BackgroundTaskTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_result_is_there_when_it_is_wanted()
    {
        await using var work = new BackgroundTask<int>(_ => Task.FromResult(7), Token);

        Assert.Equal(7, await work.Result);
    }

    [Fact]
    public async Task What_nobody_wants_any_more_is_ended_before_the_others_go_on()
    {
        var ended = false;
        await using (new BackgroundTask<int>(EndlessAsync, Token))
        {
        }

        Assert.True(ended);

        async Task<int> EndlessAsync(CancellationToken token)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
                return 0;
            }
            finally
            {
                ended = true;
            }
        }
    }

    [Fact]
    public async Task Its_failure_is_met_where_the_result_is_wanted_and_only_there()
    {
        var work = new BackgroundTask<int>(_ => throw new InvalidOperationException("mine"), Token);

        Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidOperationException>(() => work.Result)).Message);
        await work.DisposeAsync();
    }
}
