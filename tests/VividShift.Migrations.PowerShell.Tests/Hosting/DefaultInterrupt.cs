using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VividShift.Migrations.PowerShell.Tests.Hosting;

/// <summary>
/// Starts programs that Ctrl+C can reach. Who runs the tests by nohup, in the background of a script or under <c>trap '' INT</c> has them
/// ignore SIGINT, and what is ignored stays ignored in every child: neither a shell nor .NET takes that back.
/// </summary>
static class DefaultInterrupt
{
    const int Interrupt = 2;
    const nint Default = 0;
    const nint Ignored = 1;

    static readonly Lock Turn = new();

    /// <summary>The program, with the system's own answer to SIGINT whatever it is in this process.</summary>
    public static Process Start(ProcessStartInfo start)
    {
        if (OperatingSystem.IsWindows())
        {
            return Process.Start(start)!;
        }

        lock (Turn)
        {
            var before = Signal(Interrupt, Default);
            try
            {
                // A handler of .NET's own is the child's default already; it is put back before the child starts.
                if (before is not (Default or Ignored))
                {
                    Signal(Interrupt, before);
                }

                return Process.Start(start)!;
            }
            finally
            {
                Signal(Interrupt, before);
            }
        }
    }

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern nint Signal(int signal, nint handler);
}
