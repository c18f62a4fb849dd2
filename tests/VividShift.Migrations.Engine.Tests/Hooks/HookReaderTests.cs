using VividShift.Migrations.Hooks;

namespace VividShift.Migrations.Engine.Tests.Hooks;

public sealed class HookReaderTests
{
    [Theory]
    [InlineData("""{ "timeoutSec": 3 }""", "The hook does nothing.")]
    [InlineData("""{ "http": "GET APP/", "sql": "a.sql" }""", "more than one thing")]
    [InlineData("""{ "script": "none.ps1" }""", "does not exist")]
    [InlineData("""{ "script": "tell.ps1", "timeoutSec": -3 }""", "a whole number of seconds, 0 or more")]
    [InlineData("""{ "script": "tell.ps1", "retries": 3 }""", "'retries' means nothing to a hook of the kind 'script'")]
    [InlineData("""{ "script": "tell.ps1", "headers": { "A": "b" } }""", "'headers' means nothing")]
    [InlineData("""{ "http": "APP/enable" }""", "POST https://host/path")]
    [InlineData("""{ "http": "POST ftp://host/" }""", "no usable URL")]
    [InlineData("""{ "http": "POST APP/", "expectStatus": "200" }""", "a whole number, 0 or more, or a list of them")]
    [InlineData("""{ "http": "POST APP/", "expectStatus": [200, -1] }""", "a whole number, 0 or more, or a list of them")]
    [InlineData("""{ "http": "POST APP/", "headers": { "A": "x\ny" } }""", "The header A holds a line break")]
    [InlineData("""{ "sql": "meta.sql" }""", "meta.sql:1:1")]
    [InlineData("""{ "shell": "rm" }""", "There is no setting 'hooks:beforeRun:0:shell'")]
    public async Task What_cannot_work_is_refused_before_anything_is_done(string hook, string problem)
    {
        await using var fixture = await HookFixture.CreateAsync($$"""{ "beforeRun": [ {{hook}} ] }""");
        fixture.File("tell.ps1", "");
        fixture.File("meta.sql", "\\echo hello\n");

        var error = fixture.Invalid();

        Assert.Contains("vividshift.json:1", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_variable_is_named_and_no_other_value_is_told()
    {
        await using var fixture = await HookFixture.CreateAsync(
            """{ "beforeRun": [ { "http": "POST APP/", "headers": { "A": "${env:THERE}", "B": "${env:GONE}" } } ] }""");

        var error = fixture.Invalid(new() { ["THERE"] = "hidden" });

        Assert.Contains("needs the variable GONE, which is not set", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hooks_are_described_in_the_order_in_which_they_run_without_user_password_or_query()
    {
        await using var fixture = await HookFixture.CreateAsync(
            """{ "onFailure": [ { "script": "tell.ps1" } ], "beforeRun": [ { "http": "POST https://me:secret@host:8443/a/b?key=secret#c" }, { "sql": "a.sql" } ] }""");
        fixture.File("tell.ps1", "");
        fixture.File("a.sql", "SELECT 1;\n");

        var hooks = fixture.Describe();

        Assert.Equal(
            [(HookEvent.BeforeRun, "POST https://host:8443/a/b"), (HookEvent.BeforeRun, "a.sql"), (HookEvent.OnFailure, "tell.ps1")],
            hooks.Select(hook => (hook.Event, hook.Action)));
    }

    [Fact]
    public async Task Paths_are_relative_to_the_file_that_names_them()
    {
        await using var fixture = await HookFixture.CreateAsync("{}");
        fixture.File("deploy/hooks/a.sql", "SELECT 1;\n");
        var path = fixture.File("deploy/vividshift.json", """{ "hooks": { "afterRun": [ { "sql": "hooks/a.sql" } ] } }""");

        var hook = Assert.Single(fixture.Describe(
            request: new() { Database = new() { WorkingFolder = fixture.Request.Database.WorkingFolder, ConfigurationPath = path } }));

        Assert.Equal((HookEvent.AfterRun, "hooks/a.sql"), (hook.Event, hook.Action));
    }
}
