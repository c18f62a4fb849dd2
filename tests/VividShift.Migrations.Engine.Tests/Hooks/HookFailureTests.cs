using VividShift.Migrations.Hooks;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Tests.Hooks;

public sealed class HookFailureTests
{
    [Fact]
    public async Task A_hook_before_the_run_that_fails_leaves_the_database_as_it_was()
    {
        await using var fixture = await HookFixture.CreateAsync(
            """{ "beforeRun": [ { "http": "POST APP/enable" } ], "onFailure": [ { "http": "POST APP/disable" } ] }""");
        fixture.App.Answer = request => request.Line.EndsWith("enable", StringComparison.Ordinal) ? 503 : 200;

        var error = await fixture.FailsAsync();

        Assert.Equal(MigrationErrorCode.HookFailed, error.Code);
        Assert.Equal(
            $"The hook beforeRun (POST {fixture.App.Url}/enable, vividshift.json:1) failed: it answered 503, 2xx was expected. Nothing was changed: no migration was run. Fix what the hook needs and run again, or run without hooks by -NoHook.",
            error.Message);
        Assert.Equal(HookEvent.BeforeRun, Assert.IsType<HookDescription>(error.Target).Event);
        Assert.Equal(["POST /enable", "POST /disable"], fixture.Story);
        Assert.False(await fixture.HasHistoryAsync());
    }

    [Theory]
    [InlineData(TransactionMode.PerMigration, "1:ok 2:ok", "Migration 3 was not begun; applied in this run, and staying so: 1, 2.")]
    [InlineData(TransactionMode.All, null, "Migration 3 was not begun, and none before it was: nothing was changed.")]
    public async Task A_hook_before_a_migration_that_fails_says_what_is_applied(TransactionMode transaction, string? history, string state)
    {
        await using var fixture = await HookFixture.CreateAsync("""{ "beforeMigration": [ { "script": "check.ps1" } ] }""");
        fixture.File("check.ps1", "");
        fixture.Script = (context, _) => context.Version == 3
            ? throw new MigrationException(MigrationErrorCode.HookFailed, "Not on a Friday.")
            : Task.CompletedTask;

        var error = await fixture.FailsAsync(new() { Transaction = transaction });

        Assert.Equal((MigrationErrorCode.HookFailed, state), (error.Code, error.DatabaseState));
        Assert.Contains("failed: Not on a Friday. ", error.Message, StringComparison.Ordinal);
        if (history is not null)
        {
            Assert.Equal(history, await fixture.HistoryAsync());
        }
        else
        {
            Assert.Equal(0, await fixture.Bench.CountAsync("_sqlx_migrations"));
        }
    }

    [Fact]
    public async Task A_hook_after_something_that_fails_is_a_warning_and_the_next_one_runs()
    {
        await using var fixture = await HookFixture.CreateAsync(
            """{ "afterMigration": [ { "http": "POST APP/bad" } ], "afterRun": [ { "http": "POST APP/bad" }, { "http": "POST APP/disable" } ] }""");
        fixture.App.Answer = request => request.Line.EndsWith("bad", StringComparison.Ordinal) ? 500 : 204;

        await fixture.RunAsync();

        Assert.Equal("POST /disable", fixture.Story[^1]);
        Assert.Equal(4, fixture.Observer.Told<WarningRaised>().Count(warning => warning.Message.Contains("it answered 500", StringComparison.Ordinal)));
        Assert.Equal("1:ok 2:ok 3:ok", await fixture.HistoryAsync());
    }

    [Fact]
    public async Task A_hook_for_failure_that_fails_does_not_hide_the_failure()
    {
        await using var fixture = await HookFixture.CreateAsync("""{ "onFailure": [ { "http": "POST APP/bad" } ] }""");
        fixture.App.Answer = _ => 500;
        fixture.File("migrations/3_notes.sql", "SELECT nonsense;\n");

        var error = await fixture.FailsAsync();

        Assert.Equal(MigrationErrorCode.MigrationFailed, error.Code);
        Assert.Contains(fixture.Observer.Told<WarningRaised>(), warning => warning.Message.StartsWith("The hook onFailure", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hook_may_say_that_it_does_not_matter()
    {
        await using var fixture = await HookFixture.CreateAsync("""{ "beforeRun": [ { "http": "POST APP/bad", "continueOnError": true } ] }""");
        fixture.App.Answer = _ => 500;

        await fixture.RunAsync();

        Assert.Contains(
            fixture.Observer.Told<WarningRaised>(),
            warning => warning.Message.EndsWith("The run goes on, as the hook says.", StringComparison.Ordinal));
        Assert.Equal("1:ok 2:ok 3:ok", await fixture.HistoryAsync());
    }
}
