using System.Collections;
using System.Management.Automation;

namespace VividShift.Migrations.PowerShell.Completers;

/// <summary>Reads folders while a user presses Tab: quickly, without the engine, and without ever disturbing the prompt.</summary>
static class CompletionFolder
{
    /// <summary>The names of files in a folder of the session, or that of the file itself; none when it cannot be read.</summary>
    public static IEnumerable<string> FileNames(IEnumerable<string> paths, string pattern)
    {
        try
        {
            return [.. paths.SelectMany(Resolve).SelectMany(path => Directory.Exists(path) ? Directory.EnumerateFiles(path, pattern) : [path])
                .Select(path => Path.GetFileName(path))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or RuntimeException)
        {
            // An error here would print into the line that the user is typing. No completions is the answer.
            return [];
        }
    }

    /// <summary>The names of the folders in folders of the session; none when they cannot be read.</summary>
    public static IEnumerable<string> FolderNames(IEnumerable<string> paths)
    {
        try
        {
            return [.. paths.SelectMany(Resolve).Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories).Select(
                path => Path.GetFileName(path))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or RuntimeException)
        {
            // As above.
            return [];
        }
    }

    /// <summary>What the user has typed for a parameter, whether one value or several.</summary>
    public static IReadOnlyList<string> Typed(IDictionary fakeBoundParameters, string parameter) =>
        fakeBoundParameters[parameter] switch
        {
            null => [],
            string one => [one],
            IEnumerable several => [.. several.Cast<object?>().Select(value => value?.ToString()).OfType<string>()],
            var other => [other.ToString() ?? string.Empty],
        };

    /// <summary>The session's paths. Runspace.DefaultRunspace.SessionStateProxy refuses to answer while a pipeline runs, and Tab is
    /// one.</summary>
    public static PathIntrinsics Session =>
        ((EngineIntrinsics)ScriptBlock.Create("$ExecutionContext").Invoke()[0].BaseObject).SessionState.Path;

    static IEnumerable<string> Resolve(string path) => Session.GetResolvedProviderPathFromPSPath(path, out _);
}
