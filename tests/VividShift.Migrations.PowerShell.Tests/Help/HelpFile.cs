using System.Management.Automation;
using System.Reflection;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace VividShift.Migrations.PowerShell.Tests.Help;

/// <summary>The module's help file: as it is committed, and as the cmdlets would have it.</summary>
static class HelpFile
{
    static readonly string Documentation = Path.Combine(AppContext.BaseDirectory, "VividShift.Migrations.PowerShell.xml");

    /// <summary>The folder of help texts in the repository.</summary>
    public static string Folder { get; } = typeof(HelpFile).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "HelpFolder").Value!;

    /// <summary>The file; the module finds its copy because the DLL of that name is its root module.</summary>
    public static string Committed { get; } = Path.Combine(Folder, "VividShift.Migrations.PowerShell.dll-Help.xml");

    /// <summary>The text that these cmdlets make.</summary>
    public static string Make(IEnumerable<CmdletInfo> cmdlets)
    {
        var documentation = new XmlDocumentation(Documentation);
        XNamespace shell = "http://msh";
        var root = new XElement(
            shell + "helpItems",
            new XAttribute("schema", "maml"),
            new XComment(" Made from the documentation of the cmdlets by the test Help_is_what_the_cmdlets_say. Do not edit. "),
            cmdlets.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => new MamlCommand(c, documentation).ToXml()));
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, new() { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false) }))
        {
            root.Save(writer);
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }
}
