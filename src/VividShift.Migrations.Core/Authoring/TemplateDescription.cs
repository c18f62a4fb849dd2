using System.Text.RegularExpressions;

namespace VividShift.Migrations.Authoring;

/// <summary>What a template says about itself: its first comment, up to a line that is none or says nothing.</summary>
static partial class TemplateDescription
{
    public static string Of(string text, IReadOnlyList<TemplateProperty> properties)
    {
        var lines = text.Split('\n')
            .SkipWhile(l => l.StartsWith("-- no-transaction", StringComparison.Ordinal))
            .TakeWhile(l => l.StartsWith("--", StringComparison.Ordinal) && l.Trim('-', ' ').Length > 0)
            .Select(l => l[2..].Trim());
        return Placeholder().Replace(string.Join(' ', lines), m => Shown(m.Groups["name"].Value, properties));
    }

    static string Shown(string name, IReadOnlyList<TemplateProperty> properties) =>
        properties.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase))?.Default ?? $"<{name}>";

    [GeneratedRegex(@"\{\{(?<name>[A-Za-z_][A-Za-z0-9_]*).*?\}\}", RegexOptions.CultureInvariant, 5000)]
    private static partial Regex Placeholder();
}
