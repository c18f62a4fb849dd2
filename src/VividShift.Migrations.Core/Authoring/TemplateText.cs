using System.Text;
using System.Text.RegularExpressions;

namespace VividShift.Migrations.Authoring;

/// <summary>
/// A template's text, taken apart: SQL with <c>{{property}}</c>, <c>{{property:kind}}</c> and <c>{{property:kind=default}}</c>. A default
/// that is given once counts for the whole template. Other double braces, such as those of an array literal, stay what they are.
/// </summary>
sealed partial class TemplateText
{
    readonly IReadOnlyList<TemplateSegment> _runs;

    TemplateText(IReadOnlyList<TemplateSegment> runs) => _runs = runs;

    /// <summary>Every placeholder, in order.</summary>
    public IEnumerable<TemplatePlaceholder> Placeholders => _runs.SelectMany(r => r.Placeholders);

    /// <summary>Takes a text apart.</summary>
    /// <exception cref="MigrationException">TemplateInvalid: a placeholder has a kind that there is not.</exception>
    public static TemplateText Parse(string path, string text)
    {
        var runs = new List<TemplateSegment>();
        var position = 0;
        foreach (Match match in Run().Matches(text))
        {
            AddText(runs, text[position..match.Index]);
            AddRun(runs, path, match.Value);
            position = match.Index + match.Length;
        }

        AddText(runs, text[position..]);
        return new(runs);
    }

    /// <summary>Puts the values in.</summary>
    /// <exception cref="MigrationException">TemplateInvalid: a value is not what its place takes.</exception>
    public string Render(TemplateValues values)
    {
        var text = new StringBuilder();
        foreach (var run in _runs)
        {
            text.Append(run.IsName
                ? values.Name(run)
                : string.Concat(run.Parts.Select(p => p is TemplatePlaceholder place ? values.Plain(place) : p)));
        }

        return text.ToString();
    }

    static void AddText(List<TemplateSegment> runs, string text)
    {
        if (text.Length > 0)
        {
            runs.Add(new([text]));
        }
    }

    // Letters stand beside a name as part of it, and beside SQL or a literal by themselves.
    static void AddRun(List<TemplateSegment> runs, string path, string text)
    {
        var parts = new List<object>();
        var position = 0;
        foreach (Match match in Placeholder().Matches(text))
        {
            if (match.Index > position)
            {
                parts.Add(text[position..match.Index]);
            }

            parts.Add(ToPlaceholder(path, match));
            position = match.Index + match.Length;
        }

        if (position < text.Length)
        {
            parts.Add(text[position..]);
        }

        runs.Add(new(parts));
    }

    static TemplatePlaceholder ToPlaceholder(string path, Match match)
    {
        var kind = match.Groups["kind"] is { Success: true } group ? group.Value : nameof(PlaceholderKind.Name);
        return Enum.TryParse<PlaceholderKind>(kind, ignoreCase: true, out var known)
            ? new(match.Groups["property"].Value, known, match.Groups["default"] is { Success: true } value ? value.Value : null)
            : throw TemplateErrors.Invalid(
                path,
                $"'{match.Value}' asks for the kind '{kind}', which does not exist.",
                "Use name, names, base, schema, text or sql.");
    }

    const string PlaceholderPattern = @"\{\{(?<property>[A-Za-z_][A-Za-z0-9_]*)(:(?<kind>[A-Za-z]+))?(=(?<default>.*?))?\}\}(?!\})";

    [GeneratedRegex(PlaceholderPattern, RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 5000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(
        $"[A-Za-z0-9_]*({PlaceholderPattern}[A-Za-z0-9_]*)+",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 5000)]
    private static partial Regex Run();
}

/// <summary>What a value becomes in the SQL.</summary>
enum PlaceholderKind
{
    /// <summary>
    /// <c>{{table}}</c>: a name, quoted where needed. Glued to letters or to other names it is part of one name:
    /// <c>idx_{{table}}_{{column}}</c>.
    /// </summary>
    Name,

    /// <summary><c>{{columns:names}}</c>: a list of names, separated by commas; glued, by underscores.</summary>
    Names,

    /// <summary><c>{{table:base}}</c>: a name without its schema.</summary>
    Base,

    /// <summary>
    /// <c>{{table:schema}}</c>: the schema of a name with its dot, or nothing; before a name, it puts that name into the same schema.
    /// </summary>
    Schema,

    /// <summary><c>{{comment:text}}</c>: a string literal with its quotes.</summary>
    Text,

    /// <summary><c>{{type:sql}}</c>: SQL, as it is.</summary>
    Sql,
}

/// <summary>A place in a template that takes a property's value.</summary>
sealed record TemplatePlaceholder(string Property, PlaceholderKind Kind, string? Default)
{
    public bool IsName => Kind is PlaceholderKind.Name or PlaceholderKind.Names or PlaceholderKind.Base or PlaceholderKind.Schema;
}

/// <summary>
/// A run of text, or of placeholders and the letters glued to them: exactly what makes up one name when <see cref="IsName"/> is true.
/// </summary>
sealed record TemplateSegment(IReadOnlyList<object> Parts)
{
    public bool IsName => Parts.OfType<TemplatePlaceholder>().Any(p => p.IsName);

    public IEnumerable<TemplatePlaceholder> Placeholders => Parts.OfType<TemplatePlaceholder>();
}
