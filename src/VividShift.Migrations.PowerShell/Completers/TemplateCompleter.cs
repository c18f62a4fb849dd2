using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using VividShift.Migrations.Authoring;

namespace VividShift.Migrations.PowerShell.Completers;

/// <summary>Completes -Template by the files in the folders of -TemplatePath, in the configured one and in the one that ships.</summary>
public sealed class TemplateCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var session = CompletionFolder.Session;
        var own = CompletionFolder.Typed(fakeBoundParameters, nameof(Commands.NewVsMigrationCommand.TemplatePath))
            .SelectMany(path => Answer(() => SessionPaths.Wildcard(session, path)) ?? []);
        var folders = ShippedTemplates.With([.. own, .. CompletionSettings.Read(fakeBoundParameters, Configured)]);
        return [.. from name in Answer(() => folders.Names) ?? []
                   where name.StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase)
                   select new CompletionResult(name, name, CompletionResultType.ParameterValue, Tooltip(folders, name))];
    }

    static string[] Configured(IDatabase database) => database.Project.TemplateFolder is { } folder ? [folder] : [];

    static string Tooltip(TemplateFolders folders, string name) =>
        Answer(() => folders.Load(name).Description) is { Length: > 0 } description ? description : name;

    // A template or a configuration file that is at fault is told when it is used, not into the line that the user is typing.
    static T? Answer<T>(Func<T> ask)
        where T : class
    {
        try
        {
            return ask();
        }
        catch (MigrationException)
        {
            return null;
        }
    }
}
