using System.Globalization;
using System.Text.RegularExpressions;

namespace VividShift.Migrations.Seeding;

/// <summary>
/// Which seed files there are and in which order they run: those of <c>common</c>, then those of the environment, each by the number its
/// name begins with, then by name.
/// </summary>
public static partial class SeedCatalog
{
    /// <summary>The folder whose files run in every environment.</summary>
    public const string CommonFolder = "common";

    internal const string SidecarSuffix = ".seed.json";

    /// <summary>The files of a folder of seeds, or of one that holds seed files itself, or a single file.</summary>
    /// <exception cref="MigrationException">PathNotFound.</exception>
    public static IReadOnlyList<SeedFile> Read(string path, string environment)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(environment);
        if (File.Exists(path))
        {
            return Describe("", path) is { } file ? [file] : throw NotFound(path, "It is neither .sql nor .csv nor .json.");
        }

        if (!Directory.Exists(path))
        {
            throw NotFound(path, "There is no such folder.");
        }

        string[] parts = [.. new[] { CommonFolder, environment }.Distinct().Where(part => Directory.Exists(Path.Combine(path, part)))];
        if (parts is [] && Directory.GetDirectories(path) is [])
        {
            return FilesOf(path, "");
        }

        return [.. parts.SelectMany(part => FilesOf(Path.Combine(path, part), part + "/"))];
    }

    static IReadOnlyList<SeedFile> FilesOf(string folder, string prefix)
    {
        try
        {
            return
            [
                .. Directory.GetFiles(folder).Select(path => Describe(prefix, path)).OfType<SeedFile>()
                    .OrderBy(file => NumberOf(file.Path)).ThenBy(file => file.Name, StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotFound(folder, $"It cannot be read: {e.Message}", e);
        }
    }

    static SeedFile? Describe(string prefix, string path)
    {
        var name = Path.GetFileName(path);
        if (name.EndsWith(SidecarSuffix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        SeedFormat? format = Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".sql" => SeedFormat.Sql,
            ".csv" => SeedFormat.Csv,
            ".json" => SeedFormat.Json,
            _ => null,
        };
        var table = NumberPattern().Replace(Path.GetFileNameWithoutExtension(name), "");
        return format is null ? null : new SeedFile(prefix + name, path, format.Value, table);
    }

    // Files without a number come last.
    static decimal NumberOf(string path) =>
        NumberPattern().Match(Path.GetFileName(path)) is { Success: true } match
        && decimal.TryParse(match.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : decimal.MaxValue;

    static MigrationException NotFound(string path, string reason, Exception? cause = null)
    {
        return new(
            MigrationErrorCode.PathNotFound,
            $"The seeds '{path}' cannot be used. {reason}",
            "Make the folder, configure another as 'seeds', or name one with -Path.",
            cause)
        {
            Target = path,
        };
    }

    [GeneratedRegex("^(?<number>[0-9]+)[_-]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NumberPattern();
}
