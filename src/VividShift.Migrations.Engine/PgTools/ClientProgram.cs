using System.Collections.Concurrent;
using VividShift.Migrations.Engine.Processes;

namespace VividShift.Migrations.Engine.PgTools;

/// <summary>One of PostgreSQL's client programs.</summary>
/// <param name="Name">Its name: <c>pg_dump</c>.</param>
/// <param name="Path">The file, absolute.</param>
/// <param name="Version">What it says of itself: <c>15.4</c>.</param>
internal sealed record ClientProgram(string Name, string Path, string Version)
{
    /// <summary>The major version.</summary>
    public int Major => MajorOf(Version);

    /// <summary>The leading number of a version; 0 when there is none.</summary>
    public static int MajorOf(string version)
    {
        var end = 0;
        while (end < version.Length && char.IsAsciiDigit(version[end]))
        {
            end++;
        }

        return int.TryParse(
            version.AsSpan(0, end),
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out var major)
            ? major
            : 0;
    }
}

/// <summary>What a client program calls its version. One command asks for it several times, and a file that is as it was is not run again.</summary>
static class ProgramVersion
{
    static readonly ConcurrentDictionary<(string Path, DateTime WrittenAt, long Size), string> Known = [];

    /// <summary>Asks a program.</summary>
    /// <returns>Its version, as <c>15.4</c> or <c>17beta1</c>; null when it does not run or is none of PostgreSQL's.</returns>
    public static async Task<string?> OfAsync(string path, CancellationToken cancellationToken)
    {
        var file = new FileInfo(path) is var named && named.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target : named;
        var key = file.Exists ? (path, file.LastWriteTimeUtc, file.Length) : default;
        if (Known.TryGetValue(key, out var known))
        {
            return known;
        }

        try
        {
            var said = await ExternalProgram.RunAsync(ExternalProgram.Describe(path, ["--version"]), cancellationToken);
            return said.Version is { } version ? Known.GetOrAdd(key, version) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Not a program, or not one for this machine.
            return null;
        }
    }
}
