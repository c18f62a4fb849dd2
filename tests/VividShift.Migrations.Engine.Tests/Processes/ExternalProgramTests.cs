using System.Diagnostics;
using VividShift.Migrations.Engine.Processes;

namespace VividShift.Migrations.Engine.Tests.Processes;

public sealed class ExternalProgramTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Output_errors_and_exit_code_are_kept()
    {
        var ended = await ExternalProgram.RunAsync(Shell("echo out; echo err >&2; exit 3"), Token);

        Assert.Equal(new ProgramOutput(3, "out\n", "err\n"), ended);
    }

    [Fact]
    public async Task Input_that_is_not_read_to_its_end_is_no_failure()
    {
        var program = new ExternalProgram(Shell("exit 4")) { Input = (stream, token) => stream.WriteAsync(new byte[1 << 20], token).AsTask() };

        Assert.Equal(4, await program.RunAsync(Token));
    }

    [Fact]
    public async Task Program_is_ended_when_its_output_cannot_be_taken()
    {
        var id = 0;
        var program = new ExternalProgram(Shell("yes"))
        {
            OnStarted = process => id = process.Id,
            Output = async (reader, token) =>
            {
                await reader.ReadLineAsync(token);
                throw new InvalidOperationException("full");
            },
        };

        await Assert.ThrowsAsync<InvalidOperationException>(() => program.RunAsync(Token));
        Assert.Empty(await ProcessTable.ArgumentsAsync(id, Token));
    }

    [Fact]
    public async Task Children_end_with_a_program_that_is_cancelled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var child = new TaskCompletionSource<int>();
        var program = new ExternalProgram(Shell("sleep 600 & echo $!; wait"))
        {
            Output = async (reader, token) => child.SetResult(
                int.Parse((await reader.ReadLineAsync(token))!, System.Globalization.CultureInfo.InvariantCulture)),
        };
        var running = program.RunAsync(stop.Token);
        var id = await child.Task;
        // Until then it is a copy of the shell.
        await UntilSleepsAsync(id, sleeps: true);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await UntilSleepsAsync(id, sleeps: false);
    }

    static async Task UntilSleepsAsync(int id, bool sleeps)
    {
        var waiting = new Backoff(TimeSpan.FromMilliseconds(20));
        while ((await ProcessTable.ArgumentsAsync(id, Token)).Contains("600", StringComparer.Ordinal) != sleeps)
        {
            Assert.True(waiting.Elapsed < TimeSpan.FromSeconds(20), $"The child sleeps is not {sleeps}.");
            await waiting.WaitAsync(Token);
        }
    }

    static ProcessStartInfo Shell(string script) => ExternalProgram.Describe("/bin/sh", ["-c", script]);
}
