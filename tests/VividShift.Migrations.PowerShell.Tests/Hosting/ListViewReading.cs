using System.Xml.Linq;

namespace VividShift.Migrations.PowerShell.Tests.Hosting;

/// <summary>Reads list views as Format-List does, which the hosted engine does not have.</summary>
static class ListViewReading
{
    /// <summary>The lines of the view, label and text, for the only object that a command emits.</summary>
    public static IReadOnlyDictionary<string, string> ListView(this Workbench fixture, string file, string type, string command)
    {
        var view = XDocument.Load(Path.Combine(Path.GetDirectoryName(PowerShellSession.Manifest)!, file)).Descendants("View")
            .Single(v => v.Element("ListControl") is not null && v.Descendants("TypeName").Any(t => t.Value == type));
        fixture.Session.Set("shown", Assert.Single(fixture.Run(command).WithoutErrors().Output));
        var lines = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in view.Descendants("ListItem"))
        {
            if (item.Element("ItemSelectionCondition")?.Element("ScriptBlock") is not { } condition || Evaluate(fixture, condition.Value) == "True")
            {
                var name = item.Element("PropertyName")?.Value;
                lines.Add(item.Element("Label")?.Value ?? name!, Evaluate(fixture, item.Element("ScriptBlock")?.Value ?? $"$_.{name}"));
            }
        }

        return lines;
    }

    static string Evaluate(Workbench fixture, string script) =>
        string.Concat(fixture.Run($"$shown | ForEach-Object {{ {script} }}").WithoutErrors().Output);
}
