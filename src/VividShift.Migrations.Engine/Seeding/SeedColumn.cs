using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>A column of a table that is seeded.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as the manual writes it.</param>
/// <param name="IsGenerated">True when its value is computed.</param>
/// <param name="IsAlwaysIdentity">True for GENERATED ALWAYS AS IDENTITY.</param>
/// <param name="IsArray">True for arrays.</param>
/// <param name="IsJson">True for json and jsonb.</param>
/// <param name="Sequence">The sequence that gives its default, quoted; null when there is none.</param>
sealed record SeedColumn(string Name, string Type, bool IsGenerated, bool IsAlwaysIdentity, bool IsArray, bool IsJson, string? Sequence)
{
    /// <summary>Its name in SQL.</summary>
    internal string Quoted => SqlQuote.Identifier(Name);
}
