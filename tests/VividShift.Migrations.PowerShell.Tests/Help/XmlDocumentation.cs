using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace VividShift.Migrations.PowerShell.Tests.Help;

/// <summary>An example as a cmdlet's documentation has it: title, command, explanation.</summary>
sealed record DocumentedExample(string Title, string Code, IReadOnlyList<string> Explanation);

/// <summary>The documentation that the compiler wrote beside the cmdlets.</summary>
sealed partial class XmlDocumentation(string path)
{
    readonly Dictionary<string, XElement> _members = XDocument.Load(path, LoadOptions.PreserveWhitespace)
        .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    /// <summary>The summary of a type or a property, in one line; empty when there is none.</summary>
    public string Summary(MemberInfo member) => Line(Find(member)?.Element("summary"));

    /// <summary>The remarks of a type, a paragraph each.</summary>
    public IReadOnlyList<string> Remarks(Type type) => Paragraphs(Find(type)?.Element("remarks"));

    /// <summary>The examples of a type.</summary>
    public IReadOnlyList<DocumentedExample> Examples(Type type) => [.. Find(type)?.Elements("example").Select(ToExample) ?? []];

    static DocumentedExample ToExample(XElement example)
    {
        var paragraphs = Paragraphs(example);
        return new(paragraphs[0], Code(example.Element("code")!.Value), [.. paragraphs.Skip(1)]);
    }

    static IReadOnlyList<string> Paragraphs(XElement? element) => [.. element?.Elements("para").Select(Line) ?? []];

    // The compiler indents every line but the first as it indents its own elements.
    static string Code(string code) => string.Join('\n', code.ReplaceLineEndings("\n").Trim('\n').Split('\n').Select(Unindent)).Trim();

    static string Unindent(string line) => line.StartsWith("            ", StringComparison.Ordinal) ? line[12..] : line;

    static string Line(XElement? element) =>
        element is null ? string.Empty : Space().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => (see.Attribute("cref") ?? see.Attribute("langword"))!.Value.Split('.', ':')[^1],
        XElement element => string.Concat(element.Nodes().Select(Text)),
        _ => string.Empty,
    };

    XElement? Find(MemberInfo member) => _members.GetValueOrDefault(
        member is Type type ? $"T:{type.FullName}" : $"P:{member.DeclaringType!.FullName}.{member.Name}");

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Space();
}
