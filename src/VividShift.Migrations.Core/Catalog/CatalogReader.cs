using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.Catalog;

/// <summary>Collects files and findings while folders are read, and pairs the files at the end.</summary>
sealed class CatalogReader(IgnoredCharacters ignored)
{
    readonly List<MigrationFile> _files = [];
    readonly List<Finding> _findings = [];

    public void Read(string path)
    {
        if (File.Exists(path))
        {
            ReadFile(path);
            return;
        }

        foreach (var file in List(path))
        {
            ReadFile(file);
        }
    }

    public MigrationCatalog ToCatalog(IReadOnlyList<string> folders)
    {
        var migrations = _files
            .DistinctBy(f => f.Path, StringComparer.Ordinal)
            .OrderBy(f => f.Version).ThenBy(f => f.Kind).ThenBy(f => f.Path, StringComparer.Ordinal)
            .GroupBy(f => f.Version)
            .Select(Pair)
            .ToList();
        return new(folders, migrations, _findings);
    }

    static IEnumerable<string> List(string folder)
    {
        try
        {
            // Sorted, so that findings come in one order on every file system.
            return [.. Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MigrationException(
                MigrationErrorCode.PathNotFound,
                $"The migrations folder '{folder}' {(e is DirectoryNotFoundException ? "does not exist" : $"cannot be read: {e.Message.TrimEnd('.')}")}.",
                "Name the folder with -Path, or make it with New-VsMigration.",
                e)
            {
                Target = folder,
            };
        }
    }

    void ReadFile(string path)
    {
        var reading = MigrationFileName.Read(Path.GetFileName(path));
        if (reading.Name is null && reading.Problem is null)
        {
            return;
        }

        // Links are followed, as sqlx does; a folder called 1_x.sql is ignored, a link to nowhere stops sqlx.
        if (Directory.Exists(path))
        {
            return;
        }

        if (reading.Problem is not null)
        {
            Add("FileNameInvalid", FindingSeverity.Error, path, null, reading.Problem + " sqlx refuses the whole folder because of it.",
                "Rename the file to VERSION_name.sql, or move it out of the folder.", MigrationErrorCode.MigrationFileInvalid);
            return;
        }

        var name = reading.Name!;
        if (TryReadBytes(path, name) is not { } content)
        {
            return;
        }

        if (name.Version != name.SqlxVersion)
        {
            Add("NameReadDifferentlyBySqlx", FindingSeverity.Warning, path, name.Version,
                FormattableString.Invariant($"'{name.FileName}' is version {name.Version} here; sqlx reads it as version {name.SqlxVersion}."),
                FormattableString.Invariant($"Rename it to {name.Version}_{name.FileName[16..]} before sqlx sees it; the checksum does not change."),
                null);
        }

        if (CheckEncoding(path, name, content))
        {
            _files.Add(new(path, name, content, ignored.ChecksumOf(content)));
        }
    }

    byte[]? TryReadBytes(string path, MigrationFileName name)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Add("FileUnreadable", FindingSeverity.Error, path, name.Version, $"'{name.FileName}' cannot be read: {e.Message}",
                "Make the file readable, or remove it if it is a link to nowhere.", MigrationErrorCode.MigrationFileInvalid);
            return null;
        }
    }

    bool CheckEncoding(string path, MigrationFileName name, byte[] content)
    {
        var invalid = MigrationText.FirstInvalidByte(content);
        if (invalid >= 0)
        {
            var line = 1 + content.AsSpan(0, invalid).Count((byte)'\n');
            Add("InvalidUtf8", FindingSeverity.Error, path, name.Version,
                FormattableString.Invariant($"'{name.FileName}' is not UTF-8: byte {invalid + 1} (0x{content[invalid]:X2}, line {line})."),
                "Save it as UTF-8 without a byte order mark.", MigrationErrorCode.MigrationFileInvalid, line);
            return false;
        }

        if (MigrationText.HasByteOrderMark(content))
        {
            Add("ByteOrderMark", FindingSeverity.Error, path, name.Version,
                $"'{name.FileName}' starts with a byte order mark, which is part of its checksum and which PostgreSQL refuses (42601).",
                "Save it as UTF-8 without a byte order mark.", MigrationErrorCode.MigrationFileInvalid, 1);
        }

        return true;
    }

    Migration Pair(IGrouping<long, MigrationFile> files)
    {
        var ups = files.Where(f => f.Kind != MigrationKind.Down).ToList();
        var downs = files.Where(f => f.Kind == MigrationKind.Down).ToList();
        foreach (var (same, part) in new[] { (ups, "to apply"), (downs, "to revert") })
        {
            if (same.Count > 1)
            {
                Add("DuplicateVersion", FindingSeverity.Error, same[1].Path, files.Key,
                    FormattableString.Invariant(
                        $"Version {files.Key} has {same.Count} files {part} it: {string.Join(", ", same.Select(f => f.Path))}."),
                    "Give one of them a version of its own; which one is applied must not depend on the file system.",
                    MigrationErrorCode.DuplicateVersion);
            }
        }

        if (ups.Count == 0)
        {
            Add("DownWithoutUp", FindingSeverity.Error, downs[0].Path, files.Key,
                $"'{downs[0].FileName}' reverts a migration whose own file is not there.",
                "Restore the up file, or remove this one.", MigrationErrorCode.MigrationFileInvalid);
        }

        return new(files.Key, ups.FirstOrDefault(), downs.FirstOrDefault());
    }

    void Add(
        string rule, FindingSeverity severity, string path, long? version, string message, string advice, MigrationErrorCode? refusedAs,
        int? line = null) =>
        _findings.Add(new(rule, severity, message)
        {
            Version = version,
            Location = line is null ? new(path) : new(path, line.Value, 1),
            RecommendedAction = advice,
            RefusedAs = refusedAs,
        });
}
