namespace VividShift.Migrations.Authoring;

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
