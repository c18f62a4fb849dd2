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

    static IReadOnlyList<SeedFile> Files(IDictionary parameters) => CompletionSettings.Read(parameters, database =>
    {
        var paths = CompletionFolder.Typed(parameters, nameof(InvokeVsSeedCommand.Path))
            .SelectMany(path => SessionPaths.Wildcard(CompletionFolder.Session, path));
        return database.Seeds.List(new() { Paths = [.. paths] });
    });
}
