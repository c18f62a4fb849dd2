using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using VividShift.Migrations.PowerShell.Commands;
using VividShift.Migrations.Seeding;

namespace VividShift.Migrations.PowerShell.Completers;

/// <summary>Completes -Name of seeds by the files that are there for the environment that was typed.</summary>
public sealed class SeedCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = wordToComplete.Trim('\'', '"');
        return [.. from file in Files(fakeBoundParameters)
                   where word is "" || file.IsNamed([word + "*"])
                   select new CompletionResult(file.Name, file.Name, CompletionResultType.ParameterValue, file.Table)];
    }

    // A folder or a file that is at fault is told when it is used, and not into the line that the user is typing.
    static IReadOnlyList<SeedFile> Files(IDictionary parameters)
    {
        try
        {
            var paths = CompletionFolder.Typed(parameters, nameof(InvokeVsSeedCommand.Path))
                .SelectMany(path => SessionPaths.Wildcard(CompletionFolder.Session, path));
            return EngineLoader.Engine.Seeds.List(new SeedRequest { Database = CompletionSettings.Database(parameters), Paths = [.. paths] });
        }
        catch (Exception e) when (e is MigrationException or RuntimeException)
        {
            return [];
        }
    }
}
