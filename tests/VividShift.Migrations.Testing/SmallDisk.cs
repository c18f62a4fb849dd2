using VividShift.Migrations.Engine.Processes;

namespace VividShift.Migrations.Testing;

/// <summary>A disk in memory with little room, where this process may mount one.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    static readonly Lazy<Task<bool>> May = new(TryAsync);

    SmallDisk(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>True when this process may mount one; tried and not assumed.</summary>
    public static bool MayMount => May.Value.GetAwaiter().GetResult();

    /// <summary>Mounts one.</summary>
    /// <exception cref="InvalidOperationException">This process may not.</exception>
    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var disk = new SmallDisk(Directory.CreateTempSubdirectory("vividshift-disk-").FullName);
        try
        {
            await RunAsync("mount", "-t", "tmpfs", "-o", FormattableString.Invariant($"size={megabytes}m"), "vividshift-test", disk.Path);
            return disk;
        }
        catch
        {
            Directory.Delete(disk.Path);
            throw;
        }
    }

    /// <summary>Makes room.</summary>
    public Task GrowAsync(int megabytes) => RunAsync("mount", "-o", FormattableString.Invariant($"remount,size={megabytes}m"), Path);

    /// <summary>Takes all room but some.</summary>
    /// <returns>The file that takes it: deleted, it makes room.</returns>
    public async Task<string> FillAsync(int megabytesLeft)
    {
        var file = System.IO.Path.Combine(Path, "ballast");
        var megabytes = (new DriveInfo(Path).AvailableFreeSpace >> 20) - megabytesLeft;
        await RunAsync("dd", "if=/dev/zero", "bs=1M", FormattableString.Invariant($"count={megabytes}"), $"of={file}", "status=none");
        return file;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", Path);
        Directory.Delete(Path);
    }

    static async Task<bool> TryAsync()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return false;
        }

        try
        {
            await (await MountAsync(1)).DisposeAsync();
            return true;
        }
        catch (InvalidOperationException)
        {
            // A container without the right to mount.
            return false;
        }
    }

    static async Task RunAsync(string program, params string[] arguments)
    {
        var run = await ExternalProgram.RunAsync(ExternalProgram.Describe(program, arguments), CancellationToken.None);
        if (!run.Succeeded)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {run.Text}");
        }
    }
}
