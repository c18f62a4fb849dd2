using System.Collections;
using System.Management.Automation;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Databases;

namespace VividShift.Migrations.PowerShell.Completers;

/// <summary>What is configured for the line that the user is typing. Reads files only: asking for settings never connects.</summary>
static class CompletionSettings
{
    /// <summary>The settings; none when the configuration is at fault, which is told when it is used and not into the line.</summary>
    public static IReadOnlyList<ConfigurationSetting> Read(IDictionary parameters)
    {
        try
        {
            return EngineLoader.Engine.Configuration.Describe(new MigrationRequest { Database = Database(parameters) });
        }
        catch (Exception e) when (e is MigrationException or RuntimeException)
        {
            return [];
        }
    }

    /// <summary>The database that the line names so far.</summary>
    public static DatabaseRequest Database(IDictionary parameters)
    {
        var session = CompletionFolder.Session;
        var file = Typed(parameters, nameof(VsConnectionCmdlet.ConfigurationPath));
        return new()
        {
            WorkingFolder = session.CurrentFileSystemLocation.ProviderPath,
            Environment = Typed(parameters, nameof(VsConnectionCmdlet.Environment)),
            ConfigurationPath = file is null ? null : SessionPaths.ResolveUnresolvedPath(session, file),
        };
    }

    static string? Typed(IDictionary parameters, string name) => CompletionFolder.Typed(parameters, name) is [var one, ..] ? one : null;
}
