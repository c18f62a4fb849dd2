using VividShift.Migrations.Hooks;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Tests.Hooks;

public sealed class HookOrderTests
{
    const string Everywhere = """
        {
          "beforeRun": [ { "http": "POST APP/maintenance/enable" }, { "script": "tell.ps1" } ],
          "beforeMigration": [ { "script": "tell.ps1" } ],
          "afterMigration": [ { "script": "tell.ps1" } ],
          "afterRun": [ { "http": "POST APP/maintenance/disable" } ],
          "onFailure": [ { "script": "tell.ps1" }, { "http": "POST APP/maintenance/disable?because=failure" } ]
        }
        """;

    [Fact]
    public async Task Hooks_run_around_the_run_and_around_each_migration()
    {
        await using var fixture = await EverywhereAsync();

        await fixture.RunAsync();

        Assert.Equal(
            [
                "POST /maintenance/enable", "tell.ps1 beforeRun",
                "tell.ps1 beforeMigration 1", "migration 1", "tell.ps1 afterMigration 1",
                "tell.ps1 beforeMigration 2", "migration 2", "tell.ps1 afterMigration 2",
                "tell.ps1 beforeMigration 3", "migration 3", "tell.ps1 afterMigration 3",
                "POST /maintenance/disable",
            ],
            fixture.Story);
        Assert.Equal([0, 0, 1, 1, 2, 2, 3], fixture.Contexts.Select(context => context.Results.Count));
        Assert.All(fixture.Contexts, context => Assert.Equal(("dev", MigrationDirection.Up), (context.Environment, context.Direction)));
        Assert.All(fixture.Contexts, context => Assert.Equal([1L, 2, 3], context.Versions));
        Assert.Equal(fixture.Bench.Database.Name, fixture.Contexts[0].Database.Database);
        Assert.Equal("users", fixture.Contexts[1].Description);
    }

    [Fact]
    public async Task In_one_transaction_no_hook_runs_while_it_is_open()
    {
        await using var fixture = await EverywhereAsync();

        await fixture.RunAsync(new() { Transaction = TransactionMode.All });

        Assert.Equal(
            [
                "POST /maintenance/enable", "tell.ps1 beforeRun",
                "tell.ps1 beforeMigration 1", "tell.ps1 beforeMigration 2", "tell.ps1 beforeMigration 3",
                "migration 1", "migration 2", "migration 3",
                "tell.ps1 afterMigration 1", "tell.ps1 afterMigration 2", "tell.ps1 afterMigration 3", "POST /maintenance/disable",
            ],
            fixture.Story);
    }

    [Fact]
    public async Task A_failed_migration_runs_the_hooks_for_failure_and_stays_the_error()
    {
        await using var fixture = await EverywhereAsync();
        fixture.File("migrations/3_notes.sql", "SELECT nonsense;\n");

        var error = await fixture.FailsAsync();

        Assert.Equal(MigrationErrorCode.MigrationFailed, error.Code);
        Assert.Equal(["tell.ps1 onFailure", "POST /maintenance/disable?because=failure"], fixture.Story.TakeLast(2));
        var told = fixture.Contexts[^1];
        Assert.Equal((error.Message, MigrationErrorCode.MigrationFailed), (told.Error, told.ErrorCode));
        Assert.Equal([1L, 2], told.Results.Select(result => result.Version));
    }

    [Fact]
    public async Task A_stopped_run_runs_the_hooks_for_failure()
    {
        await using var fixture = await EverywhereAsync();
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.RunAsync(token: stop.Token, onEvent: told =>
        {
            if (told is MigrationStarted { Version: 2 })
            {
                stop.Cancel();
            }
        }));

        Assert.Equal(["tell.ps1 onFailure", "POST /maintenance/disable?because=failure"], fixture.Story.TakeLast(2));
        Assert.Equal(("The run was stopped.", null), (fixture.Contexts[^1].Error, fixture.Contexts[^1].ErrorCode));
        Assert.Equal(1, await fixture.Bench.CountAsync("_sqlx_migrations"));
    }

    [Fact]
    public async Task Hooks_for_failure_of_a_stopped_run_have_a_limit()
    {
        await using var fixture = await EverywhereAsync();
        fixture.Patience = TimeSpan.FromMilliseconds(500);
        using var stop = new CancellationTokenSource();
        var limit = new TaskCompletionSource<bool>();
        fixture.Script = async (context, token) =>
        {
            if (context.Event == HookEvent.BeforeRun)
            {
                await stop.CancelAsync();
            }
            else if (context.Event == HookEvent.OnFailure)
            {
                limit.SetResult(token.CanBeCanceled && !token.IsCancellationRequested);
                await Task.Delay(Timeout.Infinite, token);
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.RunAsync(token: stop.Token));

        Assert.True(await limit.Task);
        Assert.Contains(
            fixture.Observer.Told<WarningRaised>(),
            warning => warning.Message.Contains("onFailure were not finished", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_hooks_wanted_or_anything_to_do_none_runs()
    {
        await using var fixture = await EverywhereAsync();

        await fixture.RunAsync(hooks: false);
        await fixture.RunAsync();

        Assert.Equal(["migration 1", "migration 2", "migration 3"], fixture.Story);
    }

    static async Task<HookFixture> EverywhereAsync()
    {
        var fixture = await HookFixture.CreateAsync(Everywhere);
        fixture.File("tell.ps1", "");
        return fixture;
    }
}
