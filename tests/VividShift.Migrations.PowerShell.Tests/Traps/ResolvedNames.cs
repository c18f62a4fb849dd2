using System.Text.RegularExpressions;

namespace VividShift.Migrations.PowerShell.Tests.Traps;

/// <summary>
/// What the names in the module's own SQL came to, read from a server's log: the server itself is asked, and not a list by hand. Each call counts
/// by its object and by the types of its arguments, since a better match than the server's own function can be planted as well.
/// </summary>
sealed partial class ResolvedNames
{
    /// <summary>Begins each line of the log with the application; the settings for it.</summary>
    public static string[] Settings { get; } = ["debug_print_parse = on", "debug_pretty_print = off", "log_line_prefix = '%a|'"];

    /// <summary>pg_proc.oid of each function and aggregate, with the types of the arguments and of the result.</summary>
    public HashSet<(uint Function, string Arguments, uint Result)> Functions { get; } = [];

    /// <summary>pg_operator.oid of each operator, with the types of the operands and of the result.</summary>
    public HashSet<(uint Operator, string Operands, uint Result)> Operators { get; } = [];

    public HashSet<uint> Relations { get; } = [];

    public HashSet<uint> Types { get; } = [];

    /// <summary>Reads what was logged for sessions of the module.</summary>
    public static ResolvedNames In(string log)
    {
        var names = new ResolvedNames();
        // Without the line breaks of a text in the query.
        foreach (var tree in Tree().Matches(log).Select(match => match.Groups["tree"].Value.ReplaceLineEndings("")).Distinct(StringComparer.Ordinal))
        {
            foreach (var node in ParseTree.Parse(tree).All())
            {
                names.Add(node);
            }
        }

        return names;
    }

    void Add(ParseTree.Node node)
    {
        switch (node.Name)
        {
            case "FUNCEXPR" or "WINDOWFUNC":
                Functions.Add(((node.Oid("funcid") ?? node.Oid("winfnoid"))!.Value, ArgumentTypes(node.List("args")), (node.Oid("funcresulttype") ?? node.Oid("wintype"))!.Value));
                break;
            case "AGGREF":
                var arguments = node.List("aggargtypes").OfType<string>().Where(word => word != "o");
                Functions.Add((node.Oid("aggfnoid")!.Value, string.Join(' ', arguments), node.Oid("aggtype")!.Value));
                break;
            case "OPEXPR" or "DISTINCTEXPR" or "NULLIFEXPR" or "SCALARARRAYOPEXPR":
                Operators.Add((node.Oid("opno")!.Value, ArgumentTypes(node.List("args")), node.Oid("opresulttype") ?? 16));
                break;
            case "RTE" or "RANGETBLENTRY" when node.Oid("relid") is { } relation:
                Relations.Add(relation);
                break;
        }

        foreach (var type in new[] { "resulttype", "consttype", "funcresulttype", "paramtype" }.Select(node.Oid).OfType<uint>())
        {
            Types.Add(type);
        }
    }

    static string ArgumentTypes(IReadOnlyList<object> arguments) =>
        string.Join(' ', arguments.OfType<ParseTree.Node>().Select(argument => argument.TypeBeforeCoercion() ?? 0));

    [GeneratedRegex(@"^VividShift\.Migrations[^|\n]*\|DETAIL:  (?<tree>\{QUERY.*(\n\t.*)*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Tree();
}
