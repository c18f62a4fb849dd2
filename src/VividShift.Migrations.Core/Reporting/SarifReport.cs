using System.Globalization;
using System.Text;
using System.Text.Json;

namespace VividShift.Migrations.Reporting;

/// <summary>
/// SARIF 2.1.0 (OASIS): one run, a rule for each rule that was broken, a result for each error, warning and note. Columns are counted in
/// code points, which the run says. What is fine is no result.
/// </summary>
static class SarifReport
{
    const string SourceRoot = "%SRCROOT%";

    public static string Render(Report report)
    {
        var entries = report.Entries.Where(entry => entry.Level != ReportLevel.Fine).ToList();
        var rules = entries.Select(entry => entry.Rule).Distinct(StringComparer.Ordinal).ToList();
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            WriteTool(json, rules);
            json.WriteString("columnKind", "unicodeCodePoints");
            json.WriteStartArray("results");
            foreach (var entry in entries)
            {
                WriteResult(json, entry, rules.IndexOf(entry.Rule), report.Folder);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()).ReplaceLineEndings("\n");
    }

    static void WriteTool(Utf8JsonWriter json, List<string> rules)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "VividShift.Migrations");
        json.WriteString("version", typeof(SarifReport).Assembly.GetName().Version!.ToString(3));
        json.WriteString("informationUri", "https://github.com/vividshift/vividshift-migrations");
        json.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule);
            WriteText(json, "shortDescription", Words(rule));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteResult(Utf8JsonWriter json, ReportEntry entry, int rule, string folder)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", entry.Rule);
        json.WriteNumber("ruleIndex", rule);
        json.WriteString("level", entry.Level.ToString().ToLowerInvariant());
        WriteText(json, "message", AnnotationText.Of(entry));
        json.WriteStartArray("locations");
        if (entry.Path is not null || entry.DatabaseObject is not null)
        {
            json.WriteStartObject();
            WritePlace(json, entry, folder);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WritePlace(Utf8JsonWriter json, ReportEntry entry, string folder)
    {
        if (entry.Path is not null)
        {
            var uri = ReportPath.Uri(entry.Path, folder);
            json.WriteStartObject("physicalLocation");
            json.WriteStartObject("artifactLocation");
            json.WriteString("uri", uri);
            if (!uri.StartsWith("file:", StringComparison.Ordinal))
            {
                json.WriteString("uriBaseId", SourceRoot);
            }

            json.WriteEndObject();
            if (entry.Line is { } line)
            {
                json.WriteStartObject("region");
                json.WriteNumber("startLine", Math.Max(1, line));
                json.WriteNumber("startColumn", Math.Max(1, entry.Column ?? 1));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        if (entry.DatabaseObject is not null)
        {
            json.WriteStartArray("logicalLocations");
            json.WriteStartObject();
            json.WriteString("fullyQualifiedName", entry.DatabaseObject);
            json.WriteEndObject();
            json.WriteEndArray();
        }
    }

    static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    /// <summary><c>DuplicateVersion</c> → <c>Duplicate version</c>.</summary>
    static string Words(string rule)
    {
        var words = new StringBuilder();
        foreach (var letter in rule)
        {
            words.Append(char.IsUpper(letter) && words.Length > 0 ? $" {char.ToLower(letter, CultureInfo.InvariantCulture)}" : letter.ToString());
        }

        return words.ToString();
    }
}
