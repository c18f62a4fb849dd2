using System.Globalization;
using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.Authoring;

/// <summary>How a version is made.</summary>
public enum VersionStyle
{
    /// <summary>UTC date and time of day: <c>YYYYMMDDHHMMSS</c>.</summary>
    Timestamp,

    /// <summary>One more than the highest.</summary>
    Sequential,
}

/// <summary>
/// What the names in a folder tell about how its owner makes migrations: how versions are chosen, how wide they are
/// written, and which form a pair of files has.
/// </summary>
public sealed record VersioningConventions
{
    /// <summary>The versions there are, ascending, each once, down scripts included.</summary>
    public required IReadOnlyList<long> Versions { get; init; }

    /// <summary>The highest version; null in a folder without migrations.</summary>
    public long? Newest => Versions.Count == 0 ? null : Versions[^1];

    /// <summary>How many digits the newest version is written with; 4, as sqlx writes it, in a folder without migrations.</summary>
    public required int Width { get; init; }

    /// <summary>
    /// Sequential when the last two versions differ by one, or the only one is 0 or 1: sqlx's rule (sqlx-cli/src/migrate.rs), but counting
    /// versions where sqlx 0.9 counts files and so never sees a sequence among pairs.
    /// </summary>
    public VersionStyle Style => Versions switch
    {
        [0 or 1] => VersionStyle.Sequential,
        [.., var last, var newest] when newest - last == 1 => VersionStyle.Sequential,
        _ => VersionStyle.Timestamp,
    };

    /// <summary>True when the newest migration has a down script.</summary>
    public required bool NewestIsReversible { get; init; }

    /// <summary>
    /// True when the newest pair is <c>VERSION_name.sql</c> with <c>VERSION_name.down.sql</c>, not <c>.up.sql</c> with <c>.down.sql</c>.
    /// </summary>
    public required bool PlainUp { get; init; }

    /// <summary>Learns from names; those that are no migration's are passed over.</summary>
    public static VersioningConventions Of(IEnumerable<string> fileNames)
    {
        var names = fileNames.Select(n => MigrationFileName.Read(n).Name).OfType<MigrationFileName>().ToList();
        var versions = names.GroupBy(n => n.Version).OrderBy(g => g.Key).ToList();
        var newestPair = versions.LastOrDefault(IsPair);
        return new()
        {
            Versions = [.. versions.Select(g => g.Key)],
            Width = versions.Count == 0 ? 4 : versions[^1].Max(WidthOf),
            NewestIsReversible = versions.Count > 0 && IsPair(versions[^1]),
            PlainUp = newestPair?.Any(n => n.Kind == MigrationKind.Simple) ?? false,
        };
    }

    /// <summary>Learns from the files of a folder; one that does not exist yet has no habits.</summary>
    /// <exception cref="MigrationException">PathNotFound: the folder cannot be listed.</exception>
    public static VersioningConventions OfFolder(string folder)
    {
        try
        {
            return Of(Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)!) : []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MigrationException(
                MigrationErrorCode.PathNotFound, $"The migrations folder '{folder}' cannot be read: {e.Message}", innerException: e)
            {
                DatabaseState = MigrationFileWriter.NoFile,
                Target = folder,
            };
        }
    }

    /// <summary>The same habits when one more version is there.</summary>
    public VersioningConventions With(long? version) =>
        version is { } more && !Versions.Contains(more) ? this with { Versions = [.. Versions.Append(more).Order()] } : this;

    static bool IsPair(IEnumerable<MigrationFileName> names) =>
        names.Any(n => n.Kind == MigrationKind.Down) && names.Any(n => n.Kind != MigrationKind.Down);

    static int WidthOf(MigrationFileName name)
    {
        var digits = name.FileName.AsSpan(0, name.FileName.IndexOf('_', StringComparison.Ordinal)).TrimStart("+-").Length;
        // The guide's written form splits the version in two.
        return name.Version == name.SqlxVersion ? digits : name.Version.ToString(CultureInfo.InvariantCulture).Length;
    }
}
