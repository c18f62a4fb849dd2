using System.Collections;

namespace VividShift.Migrations.Engine.Configuration;

/// <summary>
/// Environment variables, and behind them the ones of a <c>.env</c> file. The process's own are read and never changed: we are guests
/// in someone's shell.
/// </summary>
internal sealed class Variables
{
    readonly IReadOnlyDictionary<string, string> _environment;
    readonly IReadOnlyDictionary<string, DotEnvEntry> _file = new Dictionary<string, DotEnvEntry>(StringComparer.Ordinal);
    readonly string _workingFolder;
    readonly string? _path;

    /// <summary>Joins <paramref name="environment"/> with the nearest <c>.env</c> at or above <paramref name="workingFolder"/>.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: the file cannot be read.</exception>
    internal Variables(IReadOnlyDictionary<string, string> environment, string workingFolder)
    {
        _environment = environment;
        _workingFolder = workingFolder;
        _path = DotEnvFile.Locate(workingFolder);
        if (_path is not null)
        {
            _file = DotEnvFile.Parse(ConfigurationText.Read(_path), name => environment.GetValueOrDefault(name));
        }
    }

    /// <summary>The process's variables as they are now.</summary>
    internal static IReadOnlyDictionary<string, string> OfProcess() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(
            entry => (string)entry.Key,
            entry => (string?)entry.Value ?? "",
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <summary>
    /// A variable; null when it is not set or empty. One that is set in the environment, even to nothing, hides the file's, as dotenvy
    /// has it.
    /// </summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: the file's line cannot be read.</exception>
    internal ConfigurationValue? Find(string name)
    {
        if (_environment.TryGetValue(name, out var value))
        {
            return value is "" ? null : new ConfigurationValue(value, name);
        }

        if (!_file.TryGetValue(name, out var entry))
        {
            return null;
        }

        if (entry.Problem is not null)
        {
            throw ConfigurationError.Create(
                new SourceLocation(_path!, entry.Line, 1),
                $"The variable {name} cannot be read: {entry.Problem}.",
                $"Write {name}='value' on one line.");
        }

        return entry.Value is "" ? null : new ConfigurationValue(entry.Value, $"{name} ({ConfigurationValue.Place(_path!, entry.Line, _workingFolder)})");
    }

    /// <summary>The variables whose names begin with <paramref name="prefix"/>, by the rest of their names.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: a line of the file cannot be read.</exception>
    internal IReadOnlyDictionary<string, ConfigurationValue> WithPrefix(string prefix)
    {
        var found = new SortedDictionary<string, ConfigurationValue>(StringComparer.OrdinalIgnoreCase);
        var names = _file.Keys.Concat(_environment.Keys);
        foreach (var name in names.Where(name => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        {
            if (Find(name) is { } value)
            {
                found[name[prefix.Length..]] = value;
            }
        }

        return found;
    }
}
