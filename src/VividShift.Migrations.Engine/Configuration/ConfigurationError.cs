namespace VividShift.Migrations.Engine.Configuration;

/// <summary>How a setting that cannot be used is reported.</summary>
static class ConfigurationError
{
    /// <summary>ConfigurationInvalid: what is wrong and where, then what to do. Never pass a secret.</summary>
    internal static MigrationException Create(string what, string advice, Exception? cause = null) =>
        new(MigrationErrorCode.ConfigurationInvalid, what, advice, cause);

    /// <summary>The same for a place in a file.</summary>
    internal static MigrationException Create(SourceLocation location, string what, string advice, Exception? cause = null) =>
        new(MigrationErrorCode.ConfigurationInvalid, what, advice, cause) { Location = location };
}
