using System.Diagnostics;

namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>Lets one process at a time start or stop a project's server. The system lets go of it when a process dies.</summary>
internal sealed class SandboxLock : IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly FileStream _held;

    SandboxLock(FileStream held) => _held = held;

    /// <summary>Waits for it.</summary>
    /// <param name="place">Whose; its home exists.</param>
    /// <param name="waiting">Called once when somebody else has it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SandboxLock> TakeAsync(SandboxPaths place, Action waiting, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        for (var first = true; ; first = false)
        {
            try
            {
                return new SandboxLock(new FileStream(place.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException busy) when (IsHeld(busy) && clock.Elapsed < Patience)
            {
                if (first)
                {
                    waiting();
                }
            }
            catch (IOException busy) when (IsHeld(busy))
            {
                throw new MigrationException(
                    MigrationErrorCode.SandboxFailed,
                    $"Another process has been starting or stopping the sandbox of '{place.ProjectFolder}' for {Patience.TotalMinutes:0} minutes.",
                    $"End that process; it holds '{place.LockFile}'.",
                    busy) { DatabaseState = "This one changed nothing." };
            }
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();

    // ERROR_SHARING_VIOLATION, and EWOULDBLOCK of Linux and of macOS: .NET has no exception of its own for it.
    static bool IsHeld(IOException refused) => refused.HResult is unchecked((int)0x80070020) or 11 or 35;
}
