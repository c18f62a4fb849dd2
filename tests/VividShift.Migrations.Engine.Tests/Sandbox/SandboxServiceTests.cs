using System.Net;
using System.Net.NetworkInformation;
using Npgsql;
using VividShift.Migrations.Engine.Processes;
using VividShift.Migrations.Engine.Sandbox;
using VividShift.Migrations.Running;

namespace VividShift.Migrations.Engine.Tests.Sandbox;

public sealed class SandboxServiceTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Data_survives_a_stop_and_the_port_comes_back()
    {
        await using var trial = new SandboxTrial();
        var first = await trial.Control.StartAsync(trial.Project, trial.Observer, Token);
        Assert.True(first.Running);
        await trial.ScalarAsync<int>("CREATE TABLE thing (id int); INSERT INTO thing VALUES (7); SELECT 1");

        await trial.Control.StopAsync(trial.Project, remove: false, trial.Observer, Token);
        Assert.Empty(trial.Postmasters());
        var stopped = await trial.Control.FindAsync(trial.Project, Token);
        Assert.NotNull(stopped);
        Assert.False(stopped.Running);
        Assert.Null(stopped.Port);
        Assert.Null(stopped.ProcessId);

        var second = await trial.Control.StartAsync(trial.Project, trial.Observer, Token);
        Assert.Equal(7, await trial.ScalarAsync<int>("SELECT id FROM thing"));
        Assert.Equal(first.Port, second.Port);
        Assert.NotEqual(first.ProcessId, second.ProcessId);
    }

    [Fact]
    public async Task Starting_a_server_that_runs_changes_nothing()
    {
        await using var trial = new SandboxTrial();
        var first = await trial.Control.StartAsync(trial.Project, trial.Observer, Token);
        var again = await trial.Control.StartAsync(trial.Project + Path.DirectorySeparatorChar, trial.Observer, Token);

        Assert.Equal(first, again);
        Assert.Equal(again, await trial.Control.FindAsync(trial.Project, Token));
    }

    [Fact]
    public async Task Starters_at_the_same_time_get_one_server()
    {
        await using var trial = new SandboxTrial();
        var servers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new SandboxService(trial.Variables.GetValueOrDefault, null)
            .StartAsync(trial.Project, trial.Observer, Token)));

        Assert.Single(servers.Distinct());
        Assert.Single(trial.Postmasters());
        Assert.Contains(trial.Observer.Told<VerboseMessage>(), told => told.Message.Contains("waiting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_server_is_what_it_promises_to_be()
    {
        await using var trial = new SandboxTrial();
        var server = await trial.Control.StartAsync(trial.Project, trial.Observer, Token);

        Assert.Equal("vividshift|vividshift|UTF8|127.0.0.1||scram-sha-256|on", await trial.ScalarAsync<string>(
            "SELECT concat_ws('|', current_user, current_database(), current_setting('server_encoding'), current_setting('listen_addresses'),"
            + " current_setting('unix_socket_directories'), current_setting('password_encryption'), current_setting('fsync'))"));
        Assert.Matches(
            "^C(\\.UTF-?8)?$",
            await trial.ScalarAsync<string>("SELECT datcollate::text FROM pg_database WHERE datname = current_database()"));
        Assert.StartsWith(server.ServerVersion!, await trial.ScalarAsync<string>("SHOW server_version"), StringComparison.Ordinal);
        Assert.All(
            IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(listener => listener.Port == server.Port),
            static listener => Assert.Equal(IPAddress.Loopback, listener.Address));
    }

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        await using var trial = new SandboxTrial();
        var server = await trial.Control.StartAsync(trial.Project, trial.Observer, Token);
        await using var connection = new NpgsqlConnection(
            FormattableString.Invariant($"Host=127.0.0.1;Port={server.Port};Username=vividshift;Password=guess;Database=vividshift;Pooling=false"));

        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Token));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task The_server_runs_as_an_ordinary_user()
    {
        await using var trial = new SandboxTrial();
        var server = await trial.Control.StartAsync(trial.Project, trial.Observer, Token);
        // On Windows pg_ctl gives an administrator's rights up by itself, and there is no uid to look at.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var listed = await ExternalProgram.RunAsync(
            ExternalProgram.Describe("ps", ["-o", "uid=", "-p", FormattableString.Invariant($"{server.ProcessId}")]), Token);
        Assert.Matches("^[0-9]+$", listed.Output.Trim());
        Assert.NotEqual("0", listed.Output.Trim());
    }

    [Fact]
    public async Task Nothing_that_is_told_holds_the_password()
    {
        await using var trial = new SandboxTrial();
        await trial.Control.StartAsync(trial.Project, trial.Observer, Token);
        var state = await SandboxState.ReadAsync(trial.Place, Token);
        var server = await trial.Control.FindAsync(trial.Project, Token);

        Assert.True(state!.Password.Length >= 32);
        Assert.DoesNotContain(state.Password, trial.Observer.Transcript, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(state.Password, server!.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(state.Password, await File.ReadAllTextAsync(trial.Place.LogFile, Token), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Directory.EnumerateFiles(trial.Place.Folder, "*.pw"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(trial.Place.StateFile));
        }
    }

    [Fact]
    public async Task Removing_takes_server_and_data_away()
    {
        await using var trial = new SandboxTrial();
        var first = await trial.Control.StartAsync(trial.Project, trial.Observer, Token);
        await trial.Control.StopAsync(trial.Project, remove: true, trial.Observer, Token);

        Assert.Empty(trial.Postmasters());
        Assert.False(Directory.Exists(first.DataFolder));
        Assert.Null(await trial.Control.FindAsync(trial.Project, Token));
    }

    [Fact]
    public async Task Looking_and_stopping_where_there_is_none_makes_nothing()
    {
        await using var trial = new SandboxTrial();

        Assert.Null(await trial.Control.FindAsync(trial.Project, Token));
        await trial.Control.StopAsync(trial.Project, remove: true, trial.Observer, Token);
        Assert.False(Directory.Exists(trial.Home));
    }
}
