using VividShift.Migrations.Engine.Processes;

namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>Lets one process at a time start or stop a project's server. The system lets go of it when a process dies.</summary>
internal sealed class SandboxLock : IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    readonly FileStream _held;

    SandboxLock(FileStream held) => _held = held;

    /// <summary>Waits for it.</summary>
    /// <param name="place">Whose; its home exists.</param>
    /// <param name="onWaiting">Called once when somebody else has it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SandboxLock> TakeAsync(SandboxPaths place, Action onWaiting, CancellationToken cancellationToken)
    {
        var waiting = new Backoff(Pause);
        for (var first = true; ; first = false)
        {
            try
            {
                return new SandboxLock(new FileStream(place.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException busy) when (IsHeld(busy) && waiting.Elapsed < Timeout)
            {
                if (first)
                {
                    onWaiting();
                }
            }
            catch (IOException busy) when (IsHeld(busy))
            {
                throw SandboxFailure.Of(
                    $"Another process has been starting or stopping the sandbox of '{place.ProjectFolder}' for {Timeout.TotalMinutes:0} minutes.",
                    "This one changed nothing.",
                    $"End that process; it holds '{place.LockFile}'.",
                    busy);
            }
            await waiting.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();

    // ERROR_SHARING_VIOLATION, and EWOULDBLOCK of Linux and of macOS: .NET has no exception of its own for it.
    static bool IsHeld(IOException refused) => refused.HResult is unchecked((int)0x80070020) or 11 or 35;
}
