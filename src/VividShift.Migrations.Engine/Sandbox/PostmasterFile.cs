using System.Diagnostics;
using System.Globalization;
using VividShift.Migrations.Engine.Processes;

namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>
/// What a running server tells in <c>postmaster.pid</c> (src/include/utils/pidfile.h): process id on line 1, port on line 4.
/// After a kill the file stays behind and its process id may be somebody else's by now, so it is a claim and not a proof.
/// </summary>
internal sealed record PostmasterFile(int ProcessId, int Port)
{
    // Above every system's largest process id.
    const string Nobody = "2147483646";

    /// <summary>The server that serves a data folder now; null when there is none or it is only just coming up.</summary>
    public static async Task<PostmasterFile?> FindLiveAsync(string dataFolder, CancellationToken cancellationToken)
        => Read(dataFolder) is { } said && await IsPostmasterAsync(said.ProcessId, dataFolder, cancellationToken) ? said : null;

    /// <summary>
    /// Makes the claim of a server that is gone void. PostgreSQL asks only whether the process id is in use, by whomever, and would
    /// refuse to start. The rest of the file stays: by it PostgreSQL sees whether children of the old server still use its memory.
    /// </summary>
    public static void Disown(string dataFolder)
    {
        var path = PathOf(dataFolder);
        if (!File.Exists(path))
        {
            return;
        }

        var lines = File.ReadAllLines(path);
        if (lines.Length < 4)
        {
            File.Delete(path);
            return;
        }
        lines[0] = Nobody;
        File.WriteAllText(path, string.Join('\n', lines) + "\n");
    }

    static string PathOf(string dataFolder) => Path.Combine(dataFolder, "postmaster.pid");

    static PostmasterFile? Read(string dataFolder)
    {
        try
        {
            var lines = File.ReadAllLines(PathOf(dataFolder));
            return lines.Length >= 4
                && int.TryParse(lines[0], NumberStyles.Integer, CultureInfo.InvariantCulture, out var processId)
                && int.TryParse(lines[3], NumberStyles.Integer, CultureInfo.InvariantCulture, out var port)
                ? new PostmasterFile(processId, port)
                : null;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    static async Task<bool> IsPostmasterAsync(int processId, string dataFolder, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            return Array.Exists(Process.GetProcessesByName("postgres"), process => process.Id == processId);
        }

        var arguments = await ProcessTable.ArgumentsAsync(processId, cancellationToken);
        return OperatingSystem.IsLinux()
            ? arguments.Contains(dataFolder, StringComparer.Ordinal)
            : Array.Exists(arguments, all => all.Contains(dataFolder, StringComparison.Ordinal));
    }
}
