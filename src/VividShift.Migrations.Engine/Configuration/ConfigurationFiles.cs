using VividShift.Migrations.Databases;

namespace VividShift.Migrations.Engine.Configuration;

/// <summary>Which JSON files apply.</summary>
static class ConfigurationFiles
{
    const string BaseName = "vividshift.json";

    // vividshift.schema.json is for editors.
    const string Schema = "schema";

    /// <summary>The base file and its overlay, as far as they exist.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: a file or an environment that was named does not exist.</exception>
    internal static IReadOnlyList<string> Find(DatabaseRequest request, ConfigurationValue environment)
    {
        var main = request.ConfigurationPath ?? Path.Combine(request.WorkingFolder, BaseName);
        if (request.ConfigurationPath is not null && !File.Exists(main))
        {
            throw ConfigurationError.Create($"The configuration file {main} does not exist.", "Check -ConfigurationPath.");
        }

        var overlay = Path.ChangeExtension(main, $".{environment.Value}.json");
        if (!File.Exists(overlay))
        {
            RefuseMistyped(main, overlay, environment);
        }

        return [.. new[] { main, overlay }.Where(File.Exists)];
    }

    /// <summary>
    /// Refuses an environment that was asked for and has no file while others have: <c>-Environment prdo</c>, or ENVIRONMENT=production
    /// where the file says prod, would run unprotected on whatever the base file says.
    /// </summary>
    static void RefuseMistyped(string main, string overlay, ConfigurationValue environment)
    {
        var folder = Path.GetDirectoryName(main)!;
        var stem = Path.GetFileNameWithoutExtension(main) + ".";
        if (environment.Value == EnvironmentName.Default || !Directory.Exists(folder))
        {
            return;
        }

        var others = Directory.GetFiles(folder, stem + "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => name.Length > stem.Length)
            .Select(name => name[stem.Length..])
            .Where(name => name != Schema)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (others is [])
        {
            return;
        }

        var near = Suggestion.For(environment.Value, others);
        throw ConfigurationError.Create(
            $"There is no file {overlay} for the environment '{environment.Value}' of {environment.Source}; there are files for {string.Join(", ", others)}.",
            near is null
                ? "Write one (an empty {} is enough), or name another environment with -Environment or VIVIDSHIFT_ENVIRONMENT."
                : $"Did you mean '{near}'?");
    }
}
