using System.Collections;
using System.Management.Automation;
using VividShift.Migrations.Databases;

namespace VividShift.Migrations.PowerShell.Completers;

/// <summary>What is configured for the line that the user is typing. Reads files only: opening never connects.</summary>
static class CompletionSettings
{
    /// <summary>
    /// What the project says; none when the configuration or a file is at fault, which is told when it is used and not into the line.
    /// </summary>
    public static IReadOnlyList<T> Read<T>(IDictionary parameters, Func<IDatabase, IReadOnlyList<T>> read)
    {
        try
        {
            var opening = EngineLoader.Engine.OpenAsync(new() { Database = Database(parameters) }, CancellationToken.None);
            var database = opening.GetAwaiter().GetResult();
            try
            {
                return read(database);
            }
            finally
            {
                database.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
        }
        catch (Exception e) when (e is MigrationException or RuntimeException)
        {
            return [];
        }
    }

    /// <summary>The database that the line names so far.</summary>
    static DatabaseRequest Database(IDictionary parameters)
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
