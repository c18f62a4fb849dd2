namespace VividShift.Migrations.Engine.Seeding;

/// <summary>A column of a table that is seeded.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as the manual writes it.</param>
/// <param name="Equality">The operator by which two of its values are the same, with its schema.</param>
sealed record SeedColumn(string Name, string Type, string Equality)
{
    /// <summary>True when its value is computed.</summary>
    internal required bool IsGenerated { get; init; }

    /// <summary>True for GENERATED ALWAYS AS IDENTITY.</summary>
    internal required bool IsAlwaysIdentity { get; init; }

    /// <summary>True for arrays.</summary>
    internal required bool IsArray { get; init; }

    /// <summary>True for json and jsonb.</summary>
    internal required bool IsJson { get; init; }

    /// <summary>The sequence that gives its default, quoted; null when there is none.</summary>
    internal string? Sequence { get; init; }

    /// <summary>Its name in SQL.</summary>
    internal string Quoted => SeedTable.Quote(Name);
}
