using System.Collections.Concurrent;
using VividShift.Migrations.Engine.Processes;

namespace VividShift.Migrations.Engine.PgTools;

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
