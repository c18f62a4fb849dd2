using System.Text.RegularExpressions;

namespace VividShift.Migrations.Engine.Processes;

/// <summary>What a program left behind when it ended.</summary>
/// <param name="ExitCode">Its exit code; 0 is success.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed partial record ProgramOutput(int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>What one of PostgreSQL's programs answers to <c>--version</c>: <c>15.4</c>, <c>17beta1</c>; null when it failed, or is none of them.</summary>
    public string? Version => Succeeded && VersionPattern().Match(Output) is { Success: true } match ? match.Groups["version"].Value : null;

    /// <summary>Both streams without blank ends, for a message.</summary>
    public string Text => string.Join('\n', new[] { Output.Trim(), Errors.Trim() }.Where(static part => part.Length > 0));

    [GeneratedRegex(
        @"\(PostgreSQL\)\s+(?<version>\d[\w.]*)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionPattern();
}
