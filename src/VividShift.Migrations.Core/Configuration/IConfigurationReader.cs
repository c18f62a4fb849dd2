namespace VividShift.Migrations.Configuration;

/// <summary>Reads what is configured; never connects.</summary>
public interface IConfigurationReader
{
    /// <summary>Every setting that applies, with its source; secrets masked.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming file and line.</exception>
    IReadOnlyList<ConfigurationSetting> Describe(MigrationRequest request);

    /// <summary>What applies to migration files.</summary>
    /// <exception cref="MigrationException">ConfigurationInvalid, naming file and line.</exception>
    ProjectSettings ReadProject(MigrationRequest request);
}
