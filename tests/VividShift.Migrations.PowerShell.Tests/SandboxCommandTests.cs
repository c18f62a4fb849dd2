using System.Text.Json;
using VividShift.Migrations.PowerShell.Tests.Hosting;
using VividShift.Migrations.Sandbox;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.PowerShell.Tests;

/// <summary>The home of sandboxes is a variable of the process, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(SandboxCommandTests), DisableParallelization = true)]
[Collection(nameof(SandboxCommandTests))]
public sealed class SandboxCommandTests : IDisposable
{
    readonly string _folder = ClusterFolder.Next("vividshift-sandbox-");
    readonly PowerShellSession _session;

    public SandboxCommandTests()
    {
        Directory.CreateDirectory(Project);
        _session = new PowerShellSession(Project);
        _session.Run($"$env:VIVIDSHIFT_SANDBOX_HOME = '{Home}'").WithoutErrors();
    }

    string Project => Path.Combine(_folder, "shop");

    string Home => Path.Combine(_folder, "home");

    [Fact]
    public void Start_emits_the_server_of_the_current_location_and_Get_finds_it()
    {
        var started = Assert.Single(_session.Run("Start-VsSandbox").WithoutErrors().OutputOf<SandboxServer>());

        Assert.True(started.Running);
        Assert.Equal(Project, started.ProjectFolder);
        Assert.Equal(started, Assert.Single(_session.Run("Get-VsSandbox").WithoutErrors().OutputOf<SandboxServer>()));
        Assert.Equal(started, Assert.Single(_session.Run("Get-VsSandbox -ProjectFolder ../shop").WithoutErrors().OutputOf<SandboxServer>()));
    }

    [Fact]
    public void WhatIf_starts_nothing_and_makes_nothing()
    {
        var run = _session.Run("Start-VsSandbox -WhatIf").WithoutErrors();

        Assert.Empty(run.Output);
        Assert.Contains("\"Start the sandbox server\" on target \"" + Project + "\"", run.Shown, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Home));
    }

    [Fact]
    public void A_folder_without_a_sandbox_has_none_and_stopping_it_is_no_error()
    {
        Assert.Empty(_session.Run("Get-VsSandbox").WithoutErrors().Output);
        Assert.Empty(_session.Run("Stop-VsSandbox").WithoutErrors().Output);
        Assert.False(Directory.Exists(Home));
    }

    [Fact]
    public void Stop_keeps_the_data_and_Remove_deletes_it_but_not_with_WhatIf()
    {
        var server = Assert.Single(_session.Run("Start-VsSandbox").WithoutErrors().OutputOf<SandboxServer>());

        var whatIf = _session.Run("Get-VsSandbox | Stop-VsSandbox -Remove -WhatIf").WithoutErrors();
        Assert.Contains("Remove the sandbox and its data", whatIf.Shown, StringComparison.Ordinal);
        Assert.Equal(server, Assert.Single(_session.Run("Get-VsSandbox").OutputOf<SandboxServer>()));

        Assert.Empty(_session.Run("Get-VsSandbox | Stop-VsSandbox").WithoutErrors().Output);
        Assert.False(Assert.Single(_session.Run("Get-VsSandbox").OutputOf<SandboxServer>()).Running);
        Assert.True(Directory.Exists(server.DataFolder));

        _session.Run("Stop-VsSandbox -Remove").WithoutErrors();
        Assert.False(Directory.Exists(server.DataFolder));
        Assert.Empty(_session.Run("Get-VsSandbox").WithoutErrors().Output);
    }

    [Fact]
    public void No_answer_to_Confirm_leaves_everything_as_it_is()
    {
        var server = Assert.Single(_session.Run("Start-VsSandbox").WithoutErrors().OutputOf<SandboxServer>());
        _session.Answer("No");
        var run = _session.Run("Stop-VsSandbox -Remove -Confirm").WithoutErrors();

        Assert.Contains("Remove the sandbox and its data", Assert.Single(run.Prompts).Message, StringComparison.Ordinal);
        Assert.Equal(server, Assert.Single(_session.Run("Get-VsSandbox").OutputOf<SandboxServer>()));
    }

    [Fact]
    public void Table_and_list_tell_where_it_is_and_no_stream_tells_the_password()
    {
        var run = _session.Run("Start-VsSandbox -Verbose -Debug").WithoutErrors();
        var server = Assert.Single(run.OutputOf<SandboxServer>());
        var shown = _session.Show("Get-VsSandbox") + string.Join('\n', run.Verbose) + string.Join('\n', run.Debug) + run.Shown;

        Assert.Contains(FormattableString.Invariant($"{server.Port}"), shown, StringComparison.Ordinal);
        // With or without colour between the headings.
        Assert.Matches("Running.*Port.*Version.*Database.*ProjectFolder\\b", shown);
        Assert.Contains(run.Verbose, line => line.StartsWith("Starting PostgreSQL " + server.ServerVersion, StringComparison.Ordinal));
        using var state = JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(server.DataFolder)!, "sandbox.json")));
        var password = state.RootElement.GetProperty("password").GetString()!;
        Assert.True(password.Length >= 32);
        Assert.DoesNotContain(password, shown, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_named()
    {
        var error = _session.Run("Start-VsSandbox -ProjectFolder ./nowhere").OnlyError();

        Assert.StartsWith("PathNotFound,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(Project, "nowhere"), error.Exception.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Home));
    }

    public void Dispose()
    {
        _session.Run("Stop-VsSandbox -Remove -Confirm:$false").WithoutErrors();
        _session.Run("$env:VIVIDSHIFT_SANDBOX_HOME = $null").WithoutErrors();
        _session.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
