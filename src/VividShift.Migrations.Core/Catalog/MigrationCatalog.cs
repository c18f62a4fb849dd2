using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.Catalog;

/// <summary>The migrations of one or several folders, ordered by version, with what is the matter with the files.</summary>
public sealed class MigrationCatalog
{
    readonly Dictionary<long, Migration> _byVersion;

    internal MigrationCatalog(IReadOnlyList<string> folders, IReadOnlyList<Migration> migrations, IReadOnlyList<Finding> findings)
    {
        Folders = folders;
        Migrations = migrations;
        Findings = findings;
        _byVersion = migrations.ToDictionary(m => m.Version);
    }

    /// <summary>The folders (or single files) that were read.</summary>
    public IReadOnlyList<string> Folders { get; }

    /// <summary>One entry a version, ascending.</summary>
    public IReadOnlyList<Migration> Migrations { get; }

    /// <summary>
    /// Names on which sqlx dies, duplicates, byte order marks, bytes that are not UTF-8, down scripts without an up, unreadable files,
    /// names that sqlx reads otherwise.
    /// </summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>The migration of a version; null when no file has it.</summary>
    public Migration? Find(long version) => _byVersion.GetValueOrDefault(version);

    /// <summary>Reads each folder once and each migration file in it once; sub-folders are not entered, as in sqlx.</summary>
    /// <param name="paths">Absolute folders, or single files.</param>
    /// <param name="ignored">Characters left out of the hash.</param>
    /// <exception cref="MigrationException">PathNotFound: a folder does not exist or cannot be listed.</exception>
    public static MigrationCatalog Load(IReadOnlyList<string> paths, IgnoredCharacters ignored)
    {
        var reader = new CatalogReader(ignored);
        foreach (var path in paths)
        {
            reader.Read(path);
        }

        return reader.ToCatalog(paths);
    }
}
