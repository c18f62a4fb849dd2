using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace VividShift.Migrations.PowerShell.Completers;

/// <summary>Completes -Database by the names below <c>databases</c> in the configuration of the environment that was typed.</summary>
public sealed class DatabaseCompleter : IArgumentCompleter
{
    const string Prefix = "databases:";

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        [.. from setting in CompletionSettings.Read(fakeBoundParameters, database => database.DescribeSettings())
            where setting.Name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            let name = setting.Name[Prefix.Length..]
            where name.StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase)
            select new CompletionResult(name, name, CompletionResultType.ParameterValue, setting.Source)];
}
