using System.Globalization;
using System.Text;
using System.Xml;

namespace VividShift.Migrations.Reporting;

/// <summary>
/// JUnit's XML in the form that Jenkins, Azure Pipelines and GitHub's reporters agree on: a suite for each group, a case for each entry.
/// Errors fail; what is still to be done is skipped; warnings and notes pass and say what they say in system-out.
/// </summary>
static class JUnitReport
{
    public static string Render(Report report)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new() { Indent = true, Encoding = new UTF8Encoding(false), NewLineChars = "\n" }))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteAttributeString("name", report.Title);
            WriteCounts(xml, report.Entries);
            foreach (var group in report.Groups)
            {
                WriteSuite(xml, group.Key, [.. group]);
            }

            xml.WriteEndElement();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    static void WriteSuite(XmlWriter xml, string name, IReadOnlyList<ReportEntry> entries)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", name);
        WriteCounts(xml, entries);
        xml.WriteAttributeString("skipped", Text(entries.Count(IsSkipped)));
        foreach (var entry in entries)
        {
            WriteCase(xml, entry);
        }

        xml.WriteEndElement();
    }

    static void WriteCounts(XmlWriter xml, IReadOnlyList<ReportEntry> entries)
    {
        xml.WriteAttributeString("tests", Text(entries.Count));
        xml.WriteAttributeString("failures", Text(entries.Count(entry => entry.Level == ReportLevel.Error)));
        xml.WriteAttributeString("errors", "0");
        xml.WriteAttributeString(
            "time", ReportText.Seconds(entries.Aggregate(TimeSpan.Zero, (sum, entry) => sum + (entry.Duration ?? TimeSpan.Zero))));
    }

    static void WriteCase(XmlWriter xml, ReportEntry entry)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", $"{entry.Group}.{entry.Rule}");
        xml.WriteAttributeString("name", entry.Title);
        xml.WriteAttributeString("time", ReportText.Seconds(entry.Duration ?? TimeSpan.Zero));
        if (entry.Level == ReportLevel.Error)
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("message", entry.FirstLine.Length == 0 ? entry.State : entry.FirstLine);
            xml.WriteAttributeString("type", entry.Rule);
            xml.WriteString(Place(entry) + entry.Message);
            xml.WriteEndElement();
        }
        else if (IsSkipped(entry))
        {
            xml.WriteStartElement("skipped");
            xml.WriteAttributeString("message", entry.FirstLine.Length == 0 ? entry.State : $"{entry.State}: {entry.FirstLine}");
            xml.WriteEndElement();
        }
        else if (entry.Message.Length > 0)
        {
            xml.WriteElementString("system-out", $"{Place(entry)}{entry.State}: {entry.Message}");
        }

        xml.WriteEndElement();
    }

    static bool IsSkipped(ReportEntry entry) => entry.Waiting && entry.Level != ReportLevel.Error;

    static string Place(ReportEntry entry) => entry switch
    {
        { Path: null } => string.Empty,
        { Line: null } => entry.Path + "\n",
        _ => FormattableString.Invariant($"{entry.Path}:{entry.Line}:{entry.Column ?? 1}\n"),
    };

    static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
