using System.Globalization;

namespace VividShift.Migrations.Engine.Processes;

/// <summary>What the system tells about processes that this one did not start.</summary>
static class ProcessTable
{
    /// <summary>The arguments of a process; on macOS all of them in one text. None when there is no such process, and on Windows, which does not tell.</summary>
    public static async Task<string[]> ArgumentsAsync(int processId, CancellationToken cancellationToken)
    {
        var id = processId.ToString(CultureInfo.InvariantCulture);
        if (OperatingSystem.IsLinux())
        {
            try
            {
                return (await File.ReadAllTextAsync($"/proc/{id}/cmdline", cancellationToken)).Split('\0');
            }
            catch (IOException)
            {
                // No such process, or it ended while we read.
                return [];
            }
        }

        return OperatingSystem.IsMacOS()
            ? [(await ExternalProgram.RunAsync(ExternalProgram.Describe("/bin/ps", ["-o", "command=", "-p", id]), cancellationToken)).Output]
            : [];
    }
}
