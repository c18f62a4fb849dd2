using System.Management.Automation;

namespace VividShift.Migrations.PowerShell;

/// <summary>
/// Paths as PowerShell understands them: drives, wildcards and the session's own location, which is not the process's current folder.
/// </summary>
static class SessionPaths
{
    const string FileSystem = "FileSystem";

    /// <summary>The file system paths that a pattern matches; at least one.</summary>
    /// <exception cref="MigrationException">PathNotFound.</exception>
    public static IEnumerable<string> Wildcard(PathIntrinsics session, string path)
    {
        var found = Resolve(path, () => (session.GetResolvedProviderPathFromPSPath(path, out var provider), provider));
        return found.Count > 0 ? found : throw NotFound(path, "Nothing matches it.");
    }

    /// <summary>The file system path that is meant by a path without wildcards, whether it exists or not.</summary>
    /// <exception cref="MigrationException">PathNotFound, when it cannot be a file.</exception>
    public static string ResolveUnresolvedPath(PathIntrinsics session, string path) =>
        Resolve(path, () => (session.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _), provider));

    /// <summary>The file system path of an existing file or folder, taken without wildcards.</summary>
    /// <exception cref="MigrationException">PathNotFound.</exception>
    public static string Literal(PathIntrinsics session, string path)
    {
        var meant = ResolveUnresolvedPath(session, path);
        return System.IO.Path.Exists(meant) ? meant : throw NotFound(path, "There is no such file or folder.");
    }

    static T Resolve<T>(string path, Func<(T Paths, ProviderInfo Provider)> resolve)
    {
        try
        {
            var (paths, provider) = resolve();
            return provider.Name == FileSystem
                ? paths
                : throw NotFound(path, $"It belongs to the provider {provider.Name} and is not a file.");
        }
        catch (SessionStateException e)
        {
            throw NotFound(path, e.Message, e);
        }
    }

    static MigrationException NotFound(string path, string reason, Exception? innerException = null) =>
        new(MigrationErrorCode.PathNotFound, $"The path '{path}' cannot be used. {reason}", "Name an existing file or folder.", innerException)
        {
            Target = path,
        };
}
