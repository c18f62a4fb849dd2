namespace VividShift.Migrations.Reporting;

/// <summary>Files as a report names them: relative to the folder of the sources where they are in it.</summary>
static class ReportPath
{
    /// <summary>With forward slashes; absolute when the file lies outside the folder.</summary>
    public static string Relative(string path, string folder)
    {
        var relative = Path.GetRelativePath(folder, Path.Combine(folder, path));
        var chosen = IsInside(relative) ? relative : path;
        return Path.DirectorySeparatorChar == '\\' ? chosen.Replace('\\', '/') : chosen;
    }

    /// <summary>The absolute path.</summary>
    public static string Absolute(string path, string folder) => Path.GetFullPath(path, folder);

    /// <summary>The same as a URI: a relative reference, or <c>file:///</c>.</summary>
    public static string Uri(string path, string folder)
    {
        var chosen = Relative(path, folder);
        var segments = string.Join('/', chosen.Split('/').Select(System.Uri.EscapeDataString));
        return Path.IsPathRooted(chosen)
            ? "file:///" + segments.TrimStart('/').Replace("%3A", ":", StringComparison.Ordinal)
            : segments;
    }

    static bool IsInside(string relative) =>
        !Path.IsPathRooted(relative) && relative != ".." && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
