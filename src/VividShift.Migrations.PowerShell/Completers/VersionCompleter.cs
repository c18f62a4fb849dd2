using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.PowerShell.Completers;

/// <summary>
/// Completes a version by the files in -Path or -LiteralPath, else in the folder <c>migrations</c>: by the digits it begins with, or by
/// a word of its description.
/// </summary>
public sealed class VersionCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = wordToComplete.Trim('\'', '"');
        return
            from file in CompletionFolder.FileNames(Folders(fakeBoundParameters), "*.sql")
            let name = MigrationFileName.Read(file).Name
            where name is not null && name.Kind != MigrationKind.Down
            let version = name.Version.ToString(CultureInfo.InvariantCulture)
            where version.StartsWith(word, StringComparison.Ordinal) || name.Description.Contains(word, StringComparison.OrdinalIgnoreCase)
            orderby name.Version
            select new CompletionResult(version, version, CompletionResultType.ParameterValue, name.Description is "" ? version : name.Description);
    }

    static List<string> Folders(IDictionary parameters)
    {
        var named = CompletionFolder.Typed(parameters, nameof(VsDatabaseCmdlet.Path))
            .Concat(CompletionFolder.Typed(parameters, nameof(VsDatabaseCmdlet.LiteralPath)).Select(WildcardPattern.Escape)).ToList();
        return named is [] ? ["migrations"] : named;
    }
}
