using Microsoft.Extensions.Configuration;

namespace VividShift.Migrations.Engine.Configuration;

/// <summary>
/// The settings in their order, the strongest last: <c>vividshift.json</c>, <c>vividshift.&lt;environment&gt;.json</c>, variables
/// <c>VIVIDSHIFT__NAME</c> (two underscores; one more pair for each level).
/// </summary>
internal sealed class LayeredConfiguration
{
    const string VariablePrefix = "VIVIDSHIFT__";

    readonly IReadOnlyList<ConfigurationLayer> _layers;

    LayeredConfiguration(IReadOnlyList<ConfigurationLayer> layers) => _layers = layers;

    /// <summary>Reads the files that exist, and the variables.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming file and line or the variable.</exception>
    internal static LayeredConfiguration Load(IEnumerable<string> files, Variables variables, string workingFolder, KnownSettings known)
    {
        var read = files.Select(file => SettingsFile.Read(file, known)).ToList();
        var builder = new ConfigurationBuilder();
        foreach (var file in read)
        {
            builder.AddJsonStream(new MemoryStream(file.Content, writable: false));
        }

        var named = variables.WithPrefix(VariablePrefix)
            .ToDictionary(
                pair => pair.Key.Replace("__", ":", StringComparison.Ordinal), pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in named)
        {
            Check(name, value, known);
        }

        builder.AddInMemoryCollection(named.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value.Value)));
        var providers = builder.Build().Providers.ToList();

        var layers = read
            .Select((file, index) => new ConfigurationLayer(
                providers[index], Path.GetDirectoryName(file.Path)!, name => ConfigurationValue.Place(file.Path, file.LineOf(name), workingFolder)))
            .Append(new ConfigurationLayer(providers[^1], workingFolder, name => named.First(pair => IsOf(name, pair.Key)).Value.Source));
        return new LayeredConfiguration([.. layers]);
    }

    /// <summary>How strong the source is that says a setting; -1 when none does.</summary>
    internal int RankOf(string name)
    {
        var rank = _layers.Count - 1;
        while (rank >= 0 && _layers[rank].Values(name) is [])
        {
            rank--;
        }

        return rank;
    }

    /// <summary>A setting; null when no source says it.</summary>
    internal ConfigurationValue? Find(string name) => FindAll(name) is [var first, ..] ? first : null;

    /// <summary>A setting of one value, a file as its absolute path; null when no source says it.</summary>
    internal ConfigurationValue? Find(KnownSetting setting) => setting.Kind is SettingKind.File
        ? FindFolders(setting.Name) is [var file, ..] ? file : null
        : Find(setting.Name);

    /// <summary>A setting of one text or several; empty when no source says it. A stronger list replaces a weaker one.</summary>
    internal IReadOnlyList<ConfigurationValue> FindAll(string name) => Strongest(name) is { } layer
        ? [.. layer.Values(name).Select(value => new ConfigurationValue(value, layer.SourceOf(name)))]
        : [];

    /// <summary>True when the source that says a setting says it as a list.</summary>
    internal bool IsList(string name) => Strongest(name)?.Names(name) is { Count: > 0 };

    /// <summary>What paths in a setting are relative to.</summary>
    internal string? FolderOf(string name) => Strongest(name)?.Folder;

    /// <summary>A setting in seconds; null when no source says it.</summary>
    internal TimeSpan? FindSeconds(string name) => Find(name) is { } found ? NumberParser.Seconds(found.Value) : null;

    /// <summary>A setting that is true or false; null when no source says it.</summary>
    internal bool? FindBoolean(string name) => Find(name) is { } found ? bool.Parse(found.Value) : null;

    /// <summary>
    /// Folders or files, absolute; empty when no source names any. A stronger list replaces a weaker one, it does not mix with it.
    /// </summary>
    internal IReadOnlyList<ConfigurationValue> FindFolders(string name) => Strongest(name) is { } layer
        ? [.. layer.Values(name).Select(folder => new ConfigurationValue(Path.GetFullPath(folder, layer.Folder), layer.SourceOf(name)))]
        : [];

    /// <summary>The names right below a group in any source, each once; what stronger sources add comes last.</summary>
    internal IReadOnlyList<ConfigurationValue> NamesIn(string group) =>
    [
        .. _layers.SelectMany(layer => layer.Names(group).Select(name => new ConfigurationValue(name, layer.SourceOf($"{group}:{name}"))))
            .DistinctBy(name => name.Value, StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>The objects of a list, each with its place, from the strongest source that has the list; empty when none does.</summary>
    internal IReadOnlyList<(LayeredConfiguration Settings, string Source)> FindList(string name)
    {
        var layer = _layers.LastOrDefault(layer => layer.Names(name) is not []);
        return layer is null
            ? []
            : [.. layer.Names(name).Select(index => (new LayeredConfiguration([layer.Below($"{name}:{index}")]), layer.SourceOf($"{name}:{index}")))];
    }

    /// <summary>These settings with those below a name on top of them all, whichever source says either.</summary>
    internal LayeredConfiguration Overlaid(string group) => new([.. _layers, .. _layers.Select(layer => layer.Below(group))]);

    /// <summary>The settings below a name.</summary>
    internal LayeredConfiguration Below(string group) => new([.. _layers.Select(layer => layer.Below(group))]);

    ConfigurationLayer? Strongest(string name) => RankOf(name) is >= 0 and var rank ? _layers[rank] : null;

    static void Check(string name, ConfigurationValue value, KnownSettings known)
    {
        var parent = name[..Math.Max(0, name.LastIndexOf(':'))];
        var setting = known.Find(name) ?? (known.Find(parent) is { TakesList: true } list ? list : null);
        if (setting is null)
        {
            throw ConfigurationError.Create($"The variable {value.Source} names no setting.", known.AdviceFor(name));
        }

        if (!setting.Accepts(value.Value))
        {
            throw ConfigurationError.Create($"The variable {value.Source} must be {setting.Expectation}.", "Correct it.");
        }
    }

    static bool IsOf(string name, string key) => string.Equals(key, name, StringComparison.OrdinalIgnoreCase)
        || key.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase);
}
