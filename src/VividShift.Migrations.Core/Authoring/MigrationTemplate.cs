using System.Text.RegularExpressions;

namespace VividShift.Migrations.Authoring;

/// <summary>What a new pair of files starts from: <c>name.up.sql</c> and <c>name.down.sql</c> in a folder of templates.</summary>
public sealed class MigrationTemplate
{
    // Known without being asked for, so that a template can write them into a comment or a literal.
    static readonly string[] BuiltIn = ["migration", "version"];

    readonly TemplateText _up;
    readonly TemplateText? _down;

    /// <summary>Takes a template's texts.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="upPath">Where the up part was read from; part of error messages.</param>
    /// <param name="up">The up part; line endings are made LF.</param>
    /// <param name="down">The down part; null when there is none.</param>
    /// <exception cref="MigrationException">TemplateInvalid: a placeholder is malformed, or has two defaults.</exception>
    public MigrationTemplate(string name, string upPath, string up, string? down)
    {
        Name = name;
        Path = upPath;
        _up = TemplateText.Parse(name, Tidy(up));
        _down = down is null ? null : TemplateText.Parse(name, Tidy(down));
        Properties = ReadProperties();
        Description = TemplateDescription.Of(Tidy(up), Properties);
    }

    /// <summary>The name that <c>-Template</c> takes.</summary>
    public string Name { get; }

    /// <summary>The up part's file.</summary>
    public string Path { get; }

    /// <summary>The first comment of the up part, in one line, with the defaults in it.</summary>
    public string Description { get; }

    /// <summary>What it asks for.</summary>
    public IReadOnlyList<TemplateProperty> Properties { get; }

    /// <summary>True when there is a down part.</summary>
    public bool Reversible => _down is not null;

    /// <summary>The two texts with values in them; the down text is null when there is no down part.</summary>
    /// <param name="name">The new migration's name.</param>
    /// <param name="version">The new migration's version.</param>
    /// <param name="given">Values by property name; case does not matter.</param>
    /// <exception cref="MigrationException">TemplateInvalid: a property is missing, unknown, or not what its place takes.</exception>
    public (string Up, string? Down) Render(MigrationName name, NewVersion version, IReadOnlyDictionary<string, string> given)
    {
        var values = new Dictionary<string, string>(given, StringComparer.OrdinalIgnoreCase);
        foreach (var unknown in values.Keys.Where(k => !Properties.Any(p => Same(p.Name, k))))
        {
            throw TemplateErrors.Invalid(Name, $"it has no property '{unknown}'.", Known());
        }

        foreach (var property in Properties)
        {
            values[property.Name] = values.TryGetValue(property.Name, out var value) ? value
                : property.Default ?? throw TemplateErrors.Invalid(Name, $"the property '{property.Name}' was not given.", Known());
        }

        values["migration"] = name.Description;
        values["version"] = version.Text;
        var texts = new TemplateValues(Name, values);
        return (_up.Render(texts), _down?.Render(texts));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    // What is written has LF and a last line break, whatever an editor made of the template.
    static string Tidy(string text) => text.TrimStart('\uFEFF').ReplaceLineEndings("\n").TrimEnd('\n') + "\n";

    List<TemplateProperty> ReadProperties()
    {
        var properties = new List<TemplateProperty>();
        foreach (var group in _up.Placeholders.Concat(_down?.Placeholders ?? []).GroupBy(p => p.Property, StringComparer.OrdinalIgnoreCase))
        {
            var defaults = group.Select(p => p.Default).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
            if (defaults.Count > 1)
            {
                throw TemplateErrors.Invalid(
                    Name,
                    $"the property '{group.Key}' has two defaults, '{defaults[0]}' and '{defaults[1]}'.",
                    $"Keep one in '{Path}'.");
            }

            if (!BuiltIn.Contains(group.Key, StringComparer.OrdinalIgnoreCase))
            {
                properties.Add(new(group.Key, defaults.FirstOrDefault()));
            }
        }

        return properties;
    }

    string Known() => Properties.Count == 0
        ? "It has no properties."
        : $"Its properties are: {string.Join(", ", Properties)}. Give them with -Property @{{ {Properties[0].Name} = '...' }}.";
}

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

/// <summary>A value that a template asks for.</summary>
/// <param name="Name">Its name, as <c>-Property</c> takes it; case does not matter.</param>
/// <param name="Default">What it is when it is not given; null when it must be given.</param>
public sealed record TemplateProperty(string Name, string? Default)
{
    /// <inheritdoc/>
    public override string ToString() => Default is null ? Name : $"{Name} ({(Default.Length == 0 ? "empty" : Default)})";
}
