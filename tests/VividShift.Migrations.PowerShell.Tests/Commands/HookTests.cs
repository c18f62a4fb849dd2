using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.PowerShell.Tests.Commands;

public sealed class HookTests
{
    [Fact]
    public async Task A_script_runs_in_the_session_and_its_output_is_no_result()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Folder.Add("tell.ps1", "param($Context) $global:seen += @(\"$($Context.Event) $($Context.Version) $($Context.Results.Count) $outside\"); 'said'; \"##vso[task.complete]\"\n");
        fixture.Folder.Add(
            "vividshift.json",
            """{ "hooks": { "beforeRun": [ { "script": "tell.ps1" } ], "afterMigration": [ { "script": "tell.ps1" } ] } }""");

        var run = fixture.Run("$seen = @(); $outside = 'visible'; Invoke-VsMigration -Count 2; $global:seen").WithoutErrors();

        Assert.Equal([1L, 2], run.Output.Select(item => item.BaseObject).OfType<MigrationResult>().Select(result => result.Version));
        Assert.Equal(
            ["BeforeRun  0 visible", "AfterMigration 1 1 visible", "AfterMigration 2 2 visible"],
            run.Output.Select(item => item.BaseObject).OfType<string>());
        var told = run.Information.Where(record => record.Tags.Contains("VsHook")).Select(record => record.MessageData.ToString()).ToList();
        Assert.Equal(["said", "## vso[task.complete]", "said", "## vso[task.complete]", "said", "## vso[task.complete]"], told);
    }

    [Theory]
    [InlineData("throw 'Not on a Friday.'")]
    [InlineData("Write-Error 'Not on a Friday.'")]
    [InlineData("[int]::Parse('Not on a Friday.')")]
    [InlineData("Not-on-a-Friday.")]
    public async Task A_script_that_throws_before_the_run_stops_it(string script)
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Folder.Add("check.ps1", "function Write-Error($what) { throw $what }\n" + script);
        fixture.Folder.Add("vividshift.json", """{ "hooks": { "beforeRun": [ { "script": "check.ps1" } ] } }""");

        var run = fixture.Run("Invoke-VsMigration");

        var error = run.OnlyError();
        Assert.StartsWith("HookFailed,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("on a Friday", error.ToString().Replace('-', ' '), StringComparison.Ordinal);
        Assert.Contains("Nothing was changed: no migration was run.", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(run.Output);
        Assert.Empty(await fixture.AppliedAsync());
    }

    [Fact]
    public async Task A_script_for_failure_sees_the_error_and_leaves_it()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        fixture.Folder.Add("0004_broken.sql", "SELECT nonsense;\n");
        fixture.Folder.Add("tell.ps1", "param($Context) $global:seen = \"$($Context.ErrorCode) $($Context.Results.Count)\"; throw 'no mail server'\n");
        fixture.Folder.Add("vividshift.json", """{ "hooks": { "onFailure": [ { "script": "tell.ps1" } ] } }""");

        var run = fixture.Run("Invoke-VsMigration; $global:seen");

        Assert.StartsWith("MigrationFailed,", run.OnlyError().FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("MigrationFailed 3", run.Output[^1].BaseObject);
        Assert.Contains(run.Warnings, warning => warning.Contains("no mail server", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatIf_lists_the_hooks_and_runs_none()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        await using var app = new HttpStandIn();
        fixture.Folder.Add(
            "vividshift.json",
            $$"""{ "hooks": { "beforeRun": [ { "http": "POST {{app.Url}}/on" } ], "afterRun": [ { "http": "POST {{app.Url}}/off" } ] } }""");

        var shown = fixture.Run("Invoke-VsMigration -Count 1 -WhatIf").WithoutErrors().Shown;
        var without = fixture.Run("Invoke-VsMigration -Count 1 -WhatIf -NoHook").WithoutErrors().Shown;

        var lines = shown.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Contains($"\"Run the hook beforeRun: POST {app.Url}/on\"", lines[0], StringComparison.Ordinal);
        Assert.Contains("0001_users.up.sql", lines[1], StringComparison.Ordinal);
        Assert.Contains($"\"Run the hook afterRun: POST {app.Url}/off\"", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain("hook", without, StringComparison.Ordinal);
        Assert.Empty(app.Requests);
    }

    [Fact]
    public async Task No_hook_runs_when_the_user_says_no_or_there_is_nothing_to_do_or_NoHook_is_given()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        await using var app = new HttpStandIn();
        fixture.Folder.Add(
            "vividshift.json",
            $$"""{ "hooks": { "beforeRun": [ { "http": "POST {{app.Url}}/on" } ], "afterRun": [ { "http": "POST {{app.Url}}/off" } ] } }""");

        fixture.Session.Answer("No");
        fixture.Run("Invoke-VsMigration -Confirm").WithoutErrors();
        fixture.Run("Invoke-VsMigration -NoHook; Invoke-VsMigration; Undo-VsMigration -NoHook -Confirm:$false").WithoutErrors();
        Assert.Empty(app.Requests);

        fixture.Run("Undo-VsMigration -Confirm:$false").WithoutErrors();
        Assert.Equal(["POST /on", "POST /off"], app.Lines);
    }

    [Fact]
    public async Task Stopping_a_run_ends_a_script_and_runs_the_hooks_for_failure()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        await using var app = new HttpStandIn();
        using var stop = new CancellationTokenSource();
        app.Think = async request =>
        {
            if (request.Line.EndsWith("/on", StringComparison.Ordinal))
            {
                await stop.CancelAsync();
            }
        };
        var mark = fixture.Folder.PathOf("cleaned");
        fixture.Folder.Add("forever.ps1", "while ($true) { }\n");
        fixture.Folder.Add("clean.ps1", $"param($Context) [IO.File]::WriteAllText('{mark}', \"$($Context.Event) $($Context.Error)\")\n");
        fixture.Folder.Add("vividshift.json", $$"""
            { "hooks": {
                "beforeRun": [ { "http": "POST {{app.Url}}/on" }, { "script": "forever.ps1" } ],
                "onFailure": [ { "http": "POST {{app.Url}}/off" }, { "script": "clean.ps1" } ] } }
            """);

        await fixture.Session.RunAsync("Invoke-VsMigration", stop.Token);

        Assert.Equal(["POST /on", "POST /off"], app.Lines);
        Assert.Equal("OnFailure The run was stopped.", await File.ReadAllTextAsync(mark));
        Assert.Empty(await fixture.AppliedAsync());
    }

    [Fact]
    public async Task Stopping_while_a_script_runs_ends_it()
    {
        await using var fixture = await Workbench.WithThreeTablesAsync();
        using var stop = new CancellationTokenSource();
        fixture.Session.Set("stop", stop);
        var mark = fixture.Folder.PathOf("cleaned");
        fixture.Folder.Add("forever.ps1", "$null = $stop.CancelAsync(); while ($true) { }\n");
        fixture.Folder.Add("clean.ps1", $"[IO.File]::WriteAllText('{mark}', 'clean')\n");
        fixture.Folder.Add(
            "vividshift.json",
            """{ "hooks": { "beforeRun": [ { "script": "forever.ps1" } ], "onFailure": [ { "script": "clean.ps1" } ] } }""");

        await fixture.Session.RunAsync("Invoke-VsMigration", stop.Token);

        Assert.True(File.Exists(mark));
        Assert.Empty(await fixture.AppliedAsync());
    }
}
