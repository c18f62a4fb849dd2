using System.Globalization;

namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>
/// What a running server tells in <c>postmaster.pid</c> (src/include/utils/pidfile.h): process id on line 1, port on line 4.
/// After a kill the file stays behind, so it is a claim and not a proof.
/// </summary>
internal sealed record PostmasterFile(int ProcessId, int Port)
{
    /// <summary>The file's name within a data folder.</summary>
    public const string Name = "postmaster.pid";

    /// <summary>What the file of a data folder says; null when there is none or it is being written.</summary>
    public static PostmasterFile? Read(string dataFolder)
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(dataFolder, Name));
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
}
