using System.Globalization;
using System.Management.Automation;
using System.Xml.Linq;

namespace VividShift.Migrations.PowerShell.Tests.Help;

/// <summary>One cmdlet in the language of PowerShell's help files.</summary>
sealed class MamlCommand(CmdletInfo cmdlet, XmlDocumentation documentation)
{
    static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public XElement ToXml() => new(
        Command + "command",
        new XAttribute(XNamespace.Xmlns + "command", Command),
        new XAttribute(XNamespace.Xmlns + "maml", Maml),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(
            Command + "details",
            new XElement(Command + "name", cmdlet.Name),
            new XElement(Command + "verb", cmdlet.Verb),
            new XElement(Command + "noun", cmdlet.Noun),
            Description([documentation.Summary(cmdlet.ImplementingType)])),
        Description(documentation.Remarks(cmdlet.ImplementingType)),
        new XElement(
            Command + "syntax",
            cmdlet.ParameterSets.OrderByDescending(s => s.IsDefault).ThenBy(s => s.Name, StringComparer.Ordinal).Select(Syntax)),
        new XElement(Command + "parameters", AllParameters().Select(p => Parameter(p, isSyntax: false))),
        new XElement(Command + "inputTypes", Inputs().Select(p => TypeElement("inputType", p.Type.FullName!, p.Description))),
        new XElement(Command + "returnValues", cmdlet.OutputType.Select(t => TypeElement("returnValue", t.Name, string.Empty))),
        new XElement(Command + "examples", documentation.Examples(cmdlet.ImplementingType).Select(Example)));

    XElement Syntax(CommandParameterSetInfo set) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", cmdlet.Name),
        Own(set)
            .OrderBy(p => p.IsAdded)
            .ThenBy(p => p.Position == "named")
            .ThenBy(p => p.Position, StringComparer.Ordinal)
            .ThenByDescending(p => p.Mandatory)
            .ThenBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => Parameter(p, isSyntax: true)));

    IEnumerable<CmdletParameter> Own(CommandParameterSetInfo set) => set.Parameters
        .Where(p => !Cmdlet.CommonParameters.Contains(p.Name))
        .Select(p => new CmdletParameter(p, cmdlet.ImplementingType, documentation));

    // A parameter that is mandatory in one set and absent from the others is required where it can be given.
    IEnumerable<CmdletParameter> AllParameters() => cmdlet.ParameterSets.SelectMany(Own)
        .GroupBy(p => p.Name, StringComparer.Ordinal)
        .Select(same => same.First())
        .OrderBy(p => p.Name, StringComparer.Ordinal);

    IEnumerable<CmdletParameter> Inputs() => AllParameters().Where(p => p.ByValue || p.ByName);

    static XElement Parameter(CmdletParameter parameter, bool isSyntax) => new(
        Command + "parameter",
        new XAttribute("required", Lower(parameter.Mandatory)),
        new XAttribute("variableLength", Lower(parameter.Type.IsArray)),
        new XAttribute("globbing", Lower(parameter.TakesWildcards)),
        new XAttribute("pipelineInput", parameter.Pipeline),
        new XAttribute("position", parameter.Position),
        new XAttribute("aliases", parameter.Aliases),
        new XElement(Maml + "name", parameter.Name),
        // Said once, in the list of parameters: sets repeat each other.
        isSyntax ? null : Description([parameter.Description]),
        // In the syntax a switch stands alone; in the list PowerShell shows its type.
        isSyntax && parameter.IsSwitch ? null : new XElement(
            Command + "parameterValue",
            new XAttribute("required", Lower(!parameter.IsSwitch)),
            new XAttribute("variableLength", Lower(parameter.Type.IsArray)),
            parameter.TypeName),
        isSyntax && parameter.Type.IsEnum ? new XElement(
            Command + "parameterValueGroup",
            Enum.GetNames(parameter.Type).Select(name => new XElement(
                Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), name))) : null,
        isSyntax ? null : new XElement(Dev + "type", new XElement(Maml + "name", parameter.TypeName), new XElement(Maml + "uri")),
        isSyntax ? null : new XElement(Dev + "defaultValue", parameter.Default));

    static XElement TypeElement(string name, string type, string description) => new(
        Command + name,
        new XElement(Dev + "type", new XElement(Maml + "name", type), new XElement(Maml + "uri")),
        Description([description]));

    static XElement Example(DocumentedExample example, int index) => new(
        Command + "example",
        new XElement(Maml + "title", string.Create(CultureInfo.InvariantCulture, $"Example {index + 1}: {example.Title}")),
        new XElement(Dev + "code", example.Code),
        new XElement(Dev + "remarks", example.Explanation.Select(text => new XElement(Maml + "para", text))));

    static XElement Description(IEnumerable<string> paragraphs) =>
        new(Maml + "description", paragraphs.Select(text => new XElement(Maml + "para", text)));

    static string Lower(bool value) => value ? "true" : "false";
}
