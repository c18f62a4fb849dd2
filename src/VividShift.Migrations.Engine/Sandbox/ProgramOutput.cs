namespace VividShift.Migrations.Engine.Sandbox;

/// <summary>What a program left behind when it ended.</summary>
/// <param name="ExitCode">Its exit code; 0 is success.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed record ProgramOutput(int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>Both streams without blank ends, for a message.</summary>
    public string Text => string.Join('\n', new[] { Output.Trim(), Errors.Trim() }.Where(static part => part.Length > 0));
}
