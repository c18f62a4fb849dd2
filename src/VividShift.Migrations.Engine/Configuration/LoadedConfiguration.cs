using VividShift.Migrations.Configuration;

namespace VividShift.Migrations.Engine.Configuration;

/// <summary>All configuration sources of one request, read once.</summary>
internal sealed class LoadedConfiguration
{
    LoadedConfiguration(MigrationRequest request, Variables variables, Sourced environment)
    {
        Request = request;
        Variables = variables;
        Environment = environment;
    }

    /// <summary>What the user said.</summary>
    internal MigrationRequest Request { get; }

    /// <summary>Environment variables and <c>.env</c>.</summary>
    internal Variables Variables { get; }

    /// <summary>The environment's name.</summary>
    internal Sourced Environment { get; }

    /// <summary>The variable that holds the URL of the application.</summary>
    internal string DatabaseUrlVariable { get; init; } = "DATABASE_URL";

    /// <summary>What applies to migration files.</summary>
    internal ProjectSettings Project => new()
    {
        Environment = Environment.Value,
        MigrationFolders = Request.Paths is [] ? [Path.Combine(Request.Database.WorkingFolder, "migrations")] : Request.Paths,
    };

    /// <summary>Reads everything.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming file and line.</exception>
    internal static LoadedConfiguration Load(MigrationRequest request, IReadOnlyDictionary<string, string> environment)
    {
        var variables = new Variables(environment, request.Database.WorkingFolder);
        return new LoadedConfiguration(request, variables, EnvironmentName.Find(request.Database.Environment, variables));
    }
}
