namespace VividShift.Migrations.Catalog;

/// <summary>What a file name says.</summary>
/// <param name="FileName">The name without folder.</param>
/// <param name="Version">The version.</param>
/// <param name="Kind">The part the file plays.</param>
/// <param name="Description">The rest, underscores as spaces.</param>
/// <param name="SqlxVersion">The version that sqlx reads from it; differs for <c>YYYYMMDD_HHMMSS_name.sql</c>.</param>
public sealed record MigrationFileName(string FileName, long Version, MigrationKind Kind, string Description, long SqlxVersion)
{
    /// <summary>
    /// Reads a name by sqlx's rules (sqlx-core/src/migrate/source.rs and migration_type.rs), plus the guide's written form
    /// <c>YYYYMMDD_HHMMSS_name.sql</c>, whose two numbers are one version here. Everything is byte-exact: no trimming, no case folding.
    /// </summary>
    public static FileNameReading Read(string fileName)
    {
        var underscore = fileName.IndexOf('_', StringComparison.Ordinal);
        if (underscore < 0 || !fileName.AsSpan(underscore + 1).EndsWith(".sql", StringComparison.Ordinal))
        {
            return FileNameReading.Ignored;
        }

        var prefix = fileName.AsSpan(0, underscore);
        if (!MigrationVersion.TryParse(prefix, out var sqlxVersion))
        {
            return FileNameReading.Invalid(
                $"The file name '{fileName}' does not start with a version: '{prefix}' is not a whole number that fits 64 bits.");
        }

        var rest = fileName.AsSpan(underscore + 1);
        var kind = KindOf(rest);
        var version = sqlxVersion;
        if (rest.Length > 7 && rest[6] == '_' && MigrationVersion.TryJoinTimestamp(prefix, rest[..6], out var joined))
        {
            version = joined;
            rest = rest[7..];
        }

        return FileNameReading.Accepted(new(fileName, version, kind, DescriptionOf(rest, kind), sqlxVersion));
    }

    static MigrationKind KindOf(ReadOnlySpan<char> rest) =>
        rest.EndsWith(".up.sql", StringComparison.Ordinal) ? MigrationKind.Up
        : rest.EndsWith(".down.sql", StringComparison.Ordinal) ? MigrationKind.Down
        : MigrationKind.Simple;

    // Rust's trim_end_matches removes the suffix as often as it is there.
    static string DescriptionOf(ReadOnlySpan<char> rest, MigrationKind kind)
    {
        var suffix = kind switch { MigrationKind.Up => ".up.sql", MigrationKind.Down => ".down.sql", _ => ".sql" };
        while (rest.EndsWith(suffix, StringComparison.Ordinal))
        {
            rest = rest[..^suffix.Length];
        }

        return rest.ToString().Replace('_', ' ');
    }
}

/// <summary>What became of reading a name: a migration's, one that sqlx ignores, or one on which sqlx gives up on the whole
/// folder.</summary>
public sealed record FileNameReading
{
    /// <summary>Not a migration; sqlx passes over it, and so do we.</summary>
    public static FileNameReading Ignored { get; } = new();

    /// <summary>What the name says; null when it is ignored or invalid.</summary>
    public MigrationFileName? Name { get; private init; }

    /// <summary>Why the name cannot be used; null when it can, or is ignored.</summary>
    public string? Problem { get; private init; }

    /// <summary>A migration's name.</summary>
    public static FileNameReading Accepted(MigrationFileName name) => new() { Name = name };

    /// <summary>A name on which sqlx gives up on the whole folder.</summary>
    public static FileNameReading Invalid(string problem) => new() { Problem = problem };
}
