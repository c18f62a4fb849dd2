using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace VividShift.Migrations.PowerShell.Tests.Hosting;

/// <summary>
/// Counts how often files of a folder are opened, as the kernel sees it (inotify), whoever opens them and in whatever way. Only Linux tells;
/// elsewhere there is nothing to count.
/// </summary>
sealed class FileOpenings : IDisposable
{
    const int NonBlocking = 0x800;
    const uint Open = 0x20;
    const int HeaderLength = 16;

    readonly SafeFileHandle _events;

    public FileOpenings(string folder)
    {
        _events = new SafeFileHandle(Begin(NonBlocking), ownsHandle: true);
        Assert.True(Watch(_events, Encoding.UTF8.GetBytes(folder + "\0"), Open) >= 0, "The folder cannot be watched.");
    }

    public static bool AreKnown => OperatingSystem.IsLinux();

    /// <summary>The names of files that were opened since the last call, one for each time.</summary>
    public IReadOnlyList<string> Take()
    {
        var names = new List<string>();
        var buffer = new byte[64 * 1024];
        while (Read(_events, buffer, buffer.Length) is > 0 and var length)
        {
            for (var at = 0; at < length;)
            {
                var size = (int)BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(at + 12));
                names.Add(Encoding.UTF8.GetString(buffer, at + HeaderLength, size).TrimEnd('\0'));
                at += HeaderLength + size;
            }
        }

        return names;
    }

    public void Dispose() => _events.Dispose();

    [DllImport("libc", EntryPoint = "inotify_init1")]
    static extern int Begin(int flags);

    [DllImport("libc", EntryPoint = "inotify_add_watch")]
    static extern int Watch(SafeFileHandle events, byte[] path, uint mask);

    [DllImport("libc", EntryPoint = "read")]
    static extern nint Read(SafeFileHandle events, byte[] buffer, nint count);
}
