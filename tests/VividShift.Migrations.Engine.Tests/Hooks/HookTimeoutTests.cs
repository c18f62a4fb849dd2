using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Hooks;
using VividShift.Migrations.Hooks;

namespace VividShift.Migrations.Engine.Tests.Hooks;

public sealed class HookTimeoutTests
{
    [Fact]
    public async Task A_script_that_takes_too_long_is_stopped_and_named_with_its_limit()
    {
        await using var fixture = await HookFixture.CreateAsync(
            """{ "beforeRun": [ { "script": "wait.ps1", "timeoutSec": 1 } ], "onFailure": [ { "http": "POST APP/off" } ] }""");
        fixture.File("wait.ps1", "");
        fixture.Script = (_, stop) => Task.Delay(Timeout.InfiniteTimeSpan, stop);

        var error = await fixture.FailsAsync();

        Assert.Equal(MigrationErrorCode.HookFailed, error.Code);
        Assert.StartsWith(
            "The hook beforeRun (wait.ps1, vividshift.json:1) failed: it did not end within 1 s and was stopped. Nothing was changed: no migration was run.",
            error.Message,
            StringComparison.Ordinal);
        Assert.Equal(["wait.ps1 beforeRun", "POST /off"], fixture.Story);
        Assert.False(await fixture.HasHistoryAsync());
    }

    [Fact]
    public async Task Stopping_the_run_meanwhile_is_no_failure_of_the_hook()
    {
        await using var fixture = await HookFixture.CreateAsync("""{ "beforeRun": [ { "script": "wait.ps1", "timeoutSec": 600 } ] }""");
        fixture.File("wait.ps1", "");
        using var stop = new CancellationTokenSource();
        fixture.Script = async (_, token) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.RunAsync(token: stop.Token));

        Assert.False(await fixture.HasHistoryAsync());
    }

    [Fact]
    public async Task Zero_means_as_long_as_it_takes()
    {
        await using var fixture = await HookFixture.CreateAsync(
            """{ "beforeRun": [ { "sql": "slow.sql", "timeoutSec": 0 }, { "script": "slow.ps1", "timeoutSec": 0 }, { "http": "POST APP/on", "timeoutSec": 0 } ] }""");
        fixture.File("slow.sql", "SELECT pg_sleep(1.5);\n");
        fixture.File("slow.ps1", "");
        fixture.Script = (_, stop) => Task.Delay(TimeSpan.FromSeconds(1.5), stop);

        await fixture.RunAsync();

        Assert.Equal(["slow.ps1 beforeRun", "POST /on"], fixture.Story.Take(2));
        Assert.Equal("1:ok 2:ok 3:ok", await fixture.HistoryAsync());
    }

    [Theory]
    [InlineData(null, 300)]
    [InlineData("7", 7)]
    [InlineData("2147483647", 2147483.647)]
    public async Task What_is_not_said_is_the_default_and_too_much_for_a_timer_the_most_it_takes(string? said, double seconds)
    {
        await using var fixture = await HookFixture.CreateAsync(
            $$"""{ "beforeRun": [ { "script": "a.ps1"{{(said is null ? "" : $", \"timeoutSec\": {said}")}} } ] }""");
        var settings = LoadedConfiguration.Load(fixture.Request, new Dictionary<string, string>(), ConnectionParameters.KnownSettings).Settings.FindList(
            HookSettings.ListOf(HookEvent.BeforeRun));

        Assert.Equal(TimeSpan.FromSeconds(seconds), HookTimeout.Of(Assert.Single(settings).Settings, HookTimeout.DefaultOfScript));
    }
}
