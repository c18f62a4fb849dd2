namespace VividShift.Migrations.Engine.Configuration;

/// <summary>Which environment applies: parameter, then variables, then <c>dev</c>.</summary>
static class EnvironmentName
{
    internal const string Default = "dev";

    static readonly string[] VariableNames = ["VIVIDSHIFT_ENVIRONMENT", "ENVIRONMENT"];

    /// <summary>The name and its source. It becomes part of a file name, hence the narrow alphabet.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid: other characters than letters, digits, _ and -.</exception>
    internal static ConfigurationValue Find(string? parameter, Variables variables)
    {
        var name = parameter is null
            ? VariableNames.Select(variables.Find).FirstOrDefault(found => found is not null) ?? new ConfigurationValue(Default, "default")
            : new ConfigurationValue(parameter, "-Environment");
        if (name.Value is "" || !name.Value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            throw ConfigurationError.Create(
                $"The environment name from {name.Source} cannot be part of a file name.",
                "Use letters, digits, _ and - only, such as staging.");
        }

        return name;
    }
}
