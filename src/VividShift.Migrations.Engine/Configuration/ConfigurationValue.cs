namespace VividShift.Migrations.Engine.Configuration;

/// <summary>A value and what to call the place it came from. A class and not a record: it may hold a password.</summary>
internal sealed class ConfigurationValue(string value, string source)
{
    /// <summary>The value as written.</summary>
    internal string Value { get; } = value;

    /// <summary>A parameter, a variable with its file and line, a file with its line, or "default".</summary>
    internal string Source { get; } = source;

    /// <summary><c>vividshift.json:4</c>, seen from the working folder.</summary>
    internal static string Place(string path, int line, string workingFolder) =>
        FormattableString.Invariant($"{Path.GetRelativePath(workingFolder, path)}:{line}");
}
