using System.Text.RegularExpressions;

namespace VividShift.Migrations.Core.Tests;

/// <summary>
/// What each folder knows of the others, by its <c>using</c>s, is what ARCHITECTURE.md says, to the word. The files at the root of a project are
/// its face and its basics: they may know all, and all may know them.
/// </summary>
public sealed partial class ArchitectureTests
{
    const RegexOptions Options = RegexOptions.Multiline | RegexOptions.ExplicitCapture;

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    static readonly string Repository = FindRepository();

    public static TheoryData<string> Projects => ["Core", "Engine"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Each_folder_knows_what_ARCHITECTURE_says_and_nothing_else(string project)
    {
        var says = Said(project);
        var knows = Used(project);

        Assert.Equal(knows.Keys.Order(StringComparer.Ordinal), says.Keys.Order(StringComparer.Ordinal));
        Assert.All(knows, folder => Assert.Equal(
            $"{folder.Key} knows {string.Join(", ", folder.Value.Keys)}", $"{folder.Key} knows {string.Join(", ", says[folder.Key])}"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_form_no_cycle(string project)
    {
        var knows = Used(project);
        var left = knows.Keys.ToHashSet(StringComparer.Ordinal);
        while (left.FirstOrDefault(folder => !knows[folder].Keys.Any(left.Contains)) is { } lowest)
        {
            left.Remove(lowest);
        }

        Assert.Empty(left.Select(folder => $"{folder} knows {string.Join(
            ", ", knows[folder].Where(known => left.Contains(known.Key)).Select(known => $"{known.Key} ({string.Join(", ", known.Value)})"))}"));
    }

    /// <summary>The rows of the page's table: a folder, and what it knows.</summary>
    static SortedDictionary<string, SortedSet<string>> Said(string project)
    {
        var rows = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var row in File.ReadLines(Path.Combine(Repository, "ARCHITECTURE.md")).Select(line => Row().Match(line)).Where(row => row.Success))
        {
            var known = row.Groups["knows"].Value.Trim() is var text and not "nothing" ? text.Split(", ") : [];
            foreach (Match room in Room().Matches(row.Groups["rooms"].Value))
            {
                if (room.Groups["project"].Value == project)
                {
                    rows.Add(room.Groups["folder"].Value, new(known, StringComparer.Ordinal));
                }
            }
        }

        return rows;
    }

    /// <summary>Which folders the files of each folder use, and which files do.</summary>
    static SortedDictionary<string, SortedDictionary<string, List<string>>> Used(string project)
    {
        var root = Path.Combine(Repository, "src", $"VividShift.Migrations.{project}");
        var home = project == "Core" ? "VividShift.Migrations" : $"VividShift.Migrations.{project}";
        var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => (
                Folder: Path.GetRelativePath(root, Path.GetDirectoryName(path)!).Replace('\\', '/'),
                Name: Path.GetFileNameWithoutExtension(path),
                Code: Comment().Replace(File.ReadAllText(path), "")))
            .Where(file => file.Folder is not "." && !file.Folder.StartsWith("bin/", StringComparison.Ordinal)
                && !file.Folder.StartsWith("obj/", StringComparison.Ordinal))
            .ToList();
        var folders = files.GroupBy(file => file.Folder, StringComparer.Ordinal).Select(folder => Pattern(
            home, folder.Key, folder.SelectMany(file => Declaration().Matches(file.Code).Select(match => match.Groups["name"].Value)))).ToList();
        var used = new SortedDictionary<string, SortedDictionary<string, List<string>>>(StringComparer.Ordinal);
        var rows = Said(project).Keys;
        foreach (var (folder, name, code) in files)
        {
            var room = RoomOf(folder);
            if (!used.TryGetValue(room, out var known))
            {
                used[room] = known = new(StringComparer.Ordinal);
            }

            foreach (var other in folders.Where(other => RoomOf(other.Name) != room && (other.Named.IsMatch(code)
                // The namespace of a folder round this one needs no using.
                || (folder.StartsWith(other.Name + "/", StringComparison.Ordinal) && other.Types.IsMatch(code)))))
            {
                known.TryAdd(RoomOf(other.Name), []);
                known[RoomOf(other.Name)].Add(name);
            }
        }

        return used;

        // A folder without a row belongs to the one round it.
        string RoomOf(string folder) =>
            rows.Where(row => folder == row || folder.StartsWith(row + "/", StringComparison.Ordinal)).MaxBy(row => row.Length) ?? folder;
    }

    /// <summary>How a file names a folder: by a using, or by a part of its namespace before a type; and the folder's types alone.</summary>
    static (string Name, Regex Named, Regex Types) Pattern(string home, string folder, IEnumerable<string> types)
    {
        var (space, names) = (folder.Replace('/', '.'), string.Join('|', types));
        return (
            folder,
            new($@"^using (static )?(\w+ = )?{home}\.{space}(\.({names}))?;|(?<![\w.""]){space}\.({names})\b", Options, Limit),
            new($@"(?<![\w.""])({names})\b", Options, Limit));
    }

    static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ARCHITECTURE.md")))
        {
            folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder))!;
        }

        return folder;
    }

    [GeneratedRegex(@"^\|(?<rooms>(\s*`(Core|Engine)/[\w/]+`,?)+)\s*\|(?<knows>[^|]+)\|", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<project>Core|Engine)/(?<folder>[^`]+)`", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Room();

    [GeneratedRegex(@"^\s*//.*$", Options, 10_000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^[a-z ]*\b(class|record struct|struct|record|interface|enum) (?<name>[A-Z]\w*)", Options, 10_000)]
    private static partial Regex Declaration();
}
