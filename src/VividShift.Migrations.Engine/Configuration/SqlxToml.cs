namespace VividShift.Migrations.Engine.Configuration;

/// <summary>
/// The part of <c>sqlx.toml</c> that concerns us (sqlx 0.9, sqlx-core/src/config): <c>[migrate]</c>, where unknown keys are refused as
/// sqlx refuses them, and the name of the URL's variable.
/// </summary>
internal sealed class SqlxToml
{
    static readonly string[] MigrateKeys = ["table-name", "create-schemas", "migrations-dir", "ignored-chars", "defaults"];

    readonly IReadOnlyDictionary<string, TomlEntry> _entries;
    readonly string _workingFolder;

    SqlxToml(IReadOnlyDictionary<string, TomlEntry> entries, string path, string workingFolder)
    {
        _entries = entries;
        _workingFolder = workingFolder;
        foreach (var (name, entry) in entries.Where(pair => pair.Key.StartsWith("migrate.", StringComparison.Ordinal)))
        {
            var key = name.Split('.')[1];
            if (!MigrateKeys.Contains(key, StringComparer.Ordinal))
            {
                var near = Suggestion.For(key, MigrateKeys);
                throw ConfigurationError.Create(
                    entry.Location,
                    $"There is no setting '{key}' in [migrate].",
                    near is null ? $"sqlx knows {string.Join(", ", MigrateKeys)}." : $"Did you mean '{near}'?");
            }
        }

        DatabaseUrlVariable = Text("common.database-url-var");
        if (DatabaseUrlVariable?.Value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') == false)
        {
            // Not the URL itself, which the messages would repeat.
            throw ConfigurationError.Create(
                _entries["common.database-url-var"].Location, "'database-url-var' must be the name of a variable.", "Put the URL into that variable.");
        }

        TableName = Text("migrate.table-name");
        // sqlx holds them in a sorted set.
        CreateSchemas = [.. List("migrate.create-schemas")
            .DistinctBy(schema => schema.Value)
            .OrderBy(schema => schema.Value, StringComparer.Ordinal)];
        var folder = Path.GetDirectoryName(path)!;
        MigrationsFolder = Text("migrate.migrations-dir") is { } found
            ? new ConfigurationValue(Path.GetFullPath(found.Value, folder), found.Source)
            : null;
        IgnoredCharacters = List("migrate.ignored-chars");
        if (IgnoredCharacters.Any(text => text.Value.EnumerateRunes().Count() != 1))
        {
            throw Wrong("migrate.ignored-chars", _entries["migrate.ignored-chars"], "a list of single characters");
        }

        DefaultType = Choice("migrate.defaults.migration-type", "inferred", "simple", "reversible");
        DefaultVersioning = Choice("migrate.defaults.migration-versioning", "inferred", "timestamp", "sequential");
    }

    /// <summary>The variable that holds the URL; null when not set.</summary>
    internal ConfigurationValue? DatabaseUrlVariable { get; }

    /// <summary>The history table as written; null when not set.</summary>
    internal ConfigurationValue? TableName { get; }

    /// <summary>Schemas to create first.</summary>
    internal IReadOnlyList<ConfigurationValue> CreateSchemas { get; }

    /// <summary>The folder of migrations, absolute; null when not set.</summary>
    internal ConfigurationValue? MigrationsFolder { get; }

    /// <summary>Characters left out of checksums.</summary>
    internal IReadOnlyList<ConfigurationValue> IgnoredCharacters { get; }

    /// <summary>inferred, simple or reversible; null when not set.</summary>
    internal ConfigurationValue? DefaultType { get; }

    /// <summary>inferred, timestamp or sequential; null when not set.</summary>
    internal ConfigurationValue? DefaultVersioning { get; }

    /// <summary>The file of a folder; null when there is none.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming file and line.</exception>
    internal static SqlxToml? Find(string workingFolder)
    {
        var path = Path.Combine(workingFolder, "sqlx.toml");
        return File.Exists(path) ? new SqlxToml(TomlEntries.Read(path), path, workingFolder) : null;
    }

    ConfigurationValue? Text(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            return null;
        }

        return entry is { IsList: false, Texts: [{ Length: > 0 } text] }
            ? new ConfigurationValue(text, Source(entry))
            : throw Wrong(name, entry, "a text");
    }

    IReadOnlyList<ConfigurationValue> List(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            return [];
        }

        return entry is { IsList: true, Texts: { } texts }
            ? [.. texts.Select(text => new ConfigurationValue(text, Source(entry)))]
            : throw Wrong(name, entry, "a list of texts");
    }

    ConfigurationValue? Choice(string name, params string[] allowed) => Text(name) switch
    {
        { } found when !allowed.Contains(found.Value, StringComparer.Ordinal) =>
            throw Wrong(name, _entries[name], string.Join(", ", allowed[..^1]) + " or " + allowed[^1]),
        var found => found,
    };

    string Source(TomlEntry entry) => ConfigurationValue.Place(entry.Location.Path, entry.Location.Line, _workingFolder);

    static MigrationException Wrong(string name, TomlEntry entry, string expected) =>
        ConfigurationError.Create(entry.Location, $"'{name.Split('.')[^1]}' must be {expected}.", "Correct it; sqlx refuses it too.");
}
