using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace VividShift.Migrations.PowerShell.Completers;

/// <summary>Completes a tag by the names of the backups in -Path, else in the folder <c>backups</c>.</summary>
public sealed partial class BackupTagCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var named = CompletionFolder.Typed(fakeBoundParameters, nameof(VsBackupCmdlet.Path));
        var tags =
            from folder in CompletionFolder.FolderNames(named is [] ? ["backups"] : named)
            let tag = Name().Match(folder).Groups["tag"].Value
            where tag.Length > 0 && tag.StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase)
            select tag;
        return tags.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).Select(tag => new CompletionResult(tag));
    }

    [GeneratedRegex("-[0-9]{8}T[0-9]{6}Z-(?<tag>.+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
