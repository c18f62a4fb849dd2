using System.Diagnostics;
using System.Globalization;
using VividShift.Migrations.Engine.Sandbox;
using VividShift.Migrations.Running;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Engine.Tests.Sandbox;

public sealed class SandboxRecoveryTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_server_starts_again_with_its_data()
    {
        await using var trial = new SandboxTrial();
        var first = await trial.Control.StartAsync(trial.Project, trial.Observer, Token);
        await trial.ScalarAsync<int>("CREATE TABLE thing (id int); INSERT INTO thing VALUES (7); SELECT 1");
        Process.GetProcessById(first.ProcessId!.Value).Kill();

        var second = await trial.Control.StartAsync(trial.Project, trial.Observer, Token);
        Assert.NotEqual(first.ProcessId, second.ProcessId);
        Assert.Equal(7, await trial.ScalarAsync<int>("SELECT id FROM thing"));
    }

    [Fact]
    public async Task A_stale_claim_with_the_process_id_of_a_stranger_neither_blocks_nor_harms_him()
    {
        await using var trial = new SandboxTrial();
        await trial.Control.StartAsync(trial.Project, trial.Observer, Token);
        var claim = await File.ReadAllLinesAsync(Path.Combine(trial.Place.DataFolder, "postmaster.pid"), Token);
        await trial.Control.StopAsync(trial.Project, remove: false, trial.Observer, Token);
        var user = await UnprivilegedUser.FindAsync(Token);
        using var stranger = Process.Start(user.Command("sleep", "600"))!;
        try
        {
            claim[0] = stranger.Id.ToString(CultureInfo.InvariantCulture);
            await File.WriteAllLinesAsync(Path.Combine(trial.Place.DataFolder, "postmaster.pid"), claim, Token);
            await user.GiveAsync(Path.Combine(trial.Place.DataFolder, "postmaster.pid"), Token);

            Assert.False((await trial.Control.FindAsync(trial.Project, Token))!.Running);
            await trial.Control.StopAsync(trial.Project, remove: false, trial.Observer, Token);
            Assert.False(stranger.HasExited);
            Assert.True((await trial.Control.StartAsync(trial.Project, trial.Observer, Token)).Running);
            Assert.False(stranger.HasExited);
        }
        finally
        {
            stranger.Kill();
        }
    }

    [Fact]
    public async Task What_an_interrupted_start_left_behind_is_swept_away()
    {
        await using var trial = new SandboxTrial();
        Directory.CreateDirectory(trial.Place.DataFolder + ".new-abandoned/base");
        await File.WriteAllTextAsync(trial.Place.DataFolder + ".new-abandoned.pw", "secret", Token);
        await File.WriteAllTextAsync(trial.Place.StateFile + ".new", "{", Token);

        Assert.True((await trial.Control.StartAsync(trial.Project, trial.Observer, Token)).Running);
        Assert.Equal(
            ["data", "sandbox.json", "server.log"],
            Directory.EnumerateFileSystemEntries(trial.Place.Folder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("Making a PostgreSQL")]
    [InlineData("Starting PostgreSQL")]
    public async Task A_cancelled_start_leaves_no_server_and_the_next_one_works(string step)
    {
        await using var trial = new SandboxTrial();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var observer = new RecordingObserver
        {
            OnEvent = told =>
            {
                // A little later, so that it hits the program and not the line after this one.
                if (told is VerboseMessage { Message: var message } && message.StartsWith(step, StringComparison.Ordinal))
                {
                    cancel.CancelAfter(TimeSpan.FromMilliseconds(40));
                }
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trial.Control.StartAsync(trial.Project, observer, cancel.Token));
        Assert.Empty(trial.Postmasters());
        Assert.Empty(Directory.EnumerateFileSystemEntries(trial.Place.Folder, "*.new-*"));
        Assert.True((await trial.Control.StartAsync(trial.Project, trial.Observer, Token)).Running);
    }

    [Fact]
    public async Task A_start_that_fails_shows_what_the_server_said()
    {
        await using var trial = new SandboxTrial();
        await trial.Control.StartAsync(trial.Project, trial.Observer, Token);
        await trial.Control.StopAsync(trial.Project, remove: false, trial.Observer, Token);
        await File.AppendAllTextAsync(Path.Combine(trial.Place.DataFolder, "postgresql.conf"), "no_such_setting = 1\n", Token);

        var failed = await Assert.ThrowsAsync<MigrationException>(() => trial.Control.StartAsync(trial.Project, trial.Observer, Token));
        Assert.Equal(MigrationErrorCode.SandboxFailed, failed.Code);
        Assert.Contains("unrecognized configuration parameter \"no_such_setting\"", failed.Message, StringComparison.Ordinal);
        Assert.Contains(failed.DatabaseState!, failed.Message, StringComparison.Ordinal);
        Assert.Contains("Stop-VsSandbox -Remove", failed.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(trial.Postmasters());
    }

    [Fact]
    public async Task Data_of_another_major_is_refused_and_left_alone()
    {
        await using var trial = new SandboxTrial();
        await trial.Control.StartAsync(trial.Project, trial.Observer, Token);
        await trial.Control.StopAsync(trial.Project, remove: false, trial.Observer, Token);
        await File.WriteAllTextAsync(Path.Combine(trial.Place.DataFolder, "PG_VERSION"), "12\n", Token);

        var refused = await Assert.ThrowsAsync<MigrationException>(() => trial.Control.StartAsync(trial.Project, trial.Observer, Token));
        Assert.Equal(MigrationErrorCode.SandboxFailed, refused.Code);
        Assert.Contains("made by PostgreSQL 12", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Stop-VsSandbox -Remove", refused.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("12\n", await File.ReadAllTextAsync(Path.Combine(trial.Place.DataFolder, "PG_VERSION"), Token));
    }

    [Fact]
    public async Task A_damaged_state_file_is_told_and_removing_mends_it()
    {
        await using var trial = new SandboxTrial();
        await trial.Control.StartAsync(trial.Project, trial.Observer, Token);
        await File.WriteAllTextAsync(trial.Place.StateFile, "{ oops", Token);

        var failed = await Assert.ThrowsAsync<MigrationException>(() => trial.Control.StartAsync(trial.Project, trial.Observer, Token));
        Assert.Equal(MigrationErrorCode.SandboxFailed, failed.Code);
        Assert.Contains(trial.Place.StateFile, failed.Message, StringComparison.Ordinal);

        await trial.Control.StopAsync(trial.Project, remove: true, trial.Observer, Token);
        Assert.Empty(trial.Postmasters());
        Assert.True((await trial.Control.StartAsync(trial.Project, trial.Observer, Token)).Running);
    }

    [Fact]
    public async Task A_port_that_was_taken_meanwhile_is_given_up_for_another()
    {
        await using var trial = new SandboxTrial();
        var first = await trial.Control.StartAsync(trial.Project, trial.Observer, Token);
        await trial.Control.StopAsync(trial.Project, remove: false, trial.Observer, Token);
        using var squatter = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, first.Port!.Value);
        squatter.Start();

        var second = await trial.Control.StartAsync(trial.Project, trial.Observer, Token);
        Assert.NotEqual(first.Port, second.Port);
        Assert.Equal(1, await trial.ScalarAsync<int>("SELECT 1"));
    }
}
