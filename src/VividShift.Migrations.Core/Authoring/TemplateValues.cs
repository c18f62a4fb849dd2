using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Authoring;

/// <summary>The values of a template's properties, in the forms that its places take.</summary>
sealed class TemplateValues(string template, IReadOnlyDictionary<string, string> values)
{
    /// <summary>The value of a place that is not part of a name.</summary>
    public string Plain(TemplatePlaceholder place) =>
        place.Kind == PlaceholderKind.Text ? SqlQuote.Literal(values[place.Property]) : values[place.Property];

    /// <summary>One name, made of all the parts of a run.</summary>
    public string Name(TemplateSegment run) => run.Parts[0] is TemplatePlaceholder { Kind: PlaceholderKind.Schema } schema
        ? Read(schema.Property, values[schema.Property]).Schema + Unqualified([.. run.Parts.Skip(1)])
        : run.Parts is [TemplatePlaceholder only] ? Alone(only) : Unqualified(run.Parts);

    string Unqualified(IReadOnlyList<object> parts)
    {
        var name = string.Concat(parts.Select(p => p is TemplatePlaceholder place ? Glued(place) : (string)p));
        return name.Length == 0 ? name
            : SqlName.TooLong(name) is not { } problem ? SqlName.Quote(name)
            : throw TemplateErrors.Invalid(
                template,
                $"{problem}.",
                "Give shorter names with -Property, or write the migration from the template 'empty'.");
    }

    string Alone(TemplatePlaceholder place) => place.Kind switch
    {
        PlaceholderKind.Names => string.Join(", ", List(place)),
        PlaceholderKind.Base => SqlName.Quote(Read(place.Property, values[place.Property]).Base),
        _ => Read(place.Property, values[place.Property]).ToString(),
    };

    // The name of an index or a constraint has no schema of its own.
    string Glued(TemplatePlaceholder place) => place.Kind switch
    {
        PlaceholderKind.Names => string.Join('_', List(place).Select(n => n.Base)),
        PlaceholderKind.Text or PlaceholderKind.Sql => Plain(place),
        _ => Read(place.Property, values[place.Property]).Base,
    };

    IEnumerable<SqlName> List(TemplatePlaceholder place) => values[place.Property].Split(',').Select(v => Read(place.Property, v));

    SqlName Read(string property, string value) => SqlName.Read(value, out var problem)
        ?? throw TemplateErrors.Invalid(
            template,
            $"the property '{property}' cannot be the name '{value.Trim()}': {problem}.",
            "Give another -Property.");
}
