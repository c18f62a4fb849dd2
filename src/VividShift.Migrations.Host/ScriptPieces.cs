using System.Management.Automation.Language;

namespace VividShift.Migrations.Host;

/// <summary>
/// A script as the statements that one would type one after the other. PowerShell shows all output of one pipeline in the shape of its first
/// object, so what follows a table of statuses would come out as lists.
/// </summary>
static class ScriptPieces
{
    /// <summary>The statements, each on the line where it was; the whole script when its statements depend on being together.</summary>
    public static IReadOnlyList<string> Of(string script)
    {
        var syntax = Parser.ParseInput(script, out _, out var errors);
        return errors.Length > 0 || !IsPlain(syntax)
            ? [script]
            : [.. syntax.EndBlock.Statements.Select(statement => new string('\n', statement.Extent.StartLineNumber - 1) + statement.Extent.Text)];
    }

    /// <summary>True when a text needs more lines before it can run.</summary>
    public static bool AreIncomplete(string script)
    {
        Parser.ParseInput(script, out _, out var errors);
        return errors.Any(error => error.IncompleteInput);
    }

    static bool IsPlain(ScriptBlockAst syntax) =>
        syntax is { ParamBlock: null, BeginBlock: null, ProcessBlock: null, DynamicParamBlock: null, CleanBlock: null, UsingStatements.Count: 0 }
        && syntax.EndBlock is { Traps: null or [] }
        && syntax.Find(part => part is ReturnStatementAst, searchNestedScriptBlocks: false) is null;
}
