using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace VividShift.Migrations.PowerShell.Completers;

/// <summary>Completes -Environment by the <c>vividshift.NAME.json</c> files in the current location.</summary>
public sealed class EnvironmentCompleter : IArgumentCompleter
{
    const string Prefix = "vividshift.";
    const string Suffix = ".json";

    // vividshift.schema.json is for editors.
    const string Schema = "schema";

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        from file in CompletionFolder.FileNames(["."], Prefix + "*" + Suffix)
        where file.Length > Prefix.Length + Suffix.Length
        let name = file[Prefix.Length..^Suffix.Length]
        where name != Schema && name.StartsWith(wordToComplete, StringComparison.OrdinalIgnoreCase)
        orderby name
        select new CompletionResult(name, name, CompletionResultType.ParameterValue, file);
}
