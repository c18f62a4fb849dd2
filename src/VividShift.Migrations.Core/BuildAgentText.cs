using System.Text.RegularExpressions;

namespace VividShift.Migrations;

/// <summary>
/// Text that came from a database or a file and is about to be shown. Build agents obey every line of output that looks like one of
/// their commands, so a <c>RAISE NOTICE '##vso[task.setvariable ...]'</c> would set a variable of the pipeline.
/// </summary>
public static partial class BuildAgentText
{
    /// <summary>
    /// Breaks the commands of Azure Pipelines (<c>##vso[</c>, <c>##[</c>), TeamCity (<c>##teamcity[</c>) and GitHub Actions
    /// (<c>::</c> at the beginning of a line) by a space that a reader can see; all other text is returned as it is.
    /// </summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return LeadingColons().Replace(HashCommand().Replace(text, "## "), "${before}: ");
    }

    [GeneratedRegex(
        @"##(?=(?:vso|teamcity)?\[)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex HashCommand();

    // Not RegexOptions.Multiline: a lone CR begins a new line for an agent, and not for .NET.
    [GeneratedRegex(
        @"(?<before>(^|[\r\n])[^\S\r\n]*):(?=:)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex LeadingColons();
}
