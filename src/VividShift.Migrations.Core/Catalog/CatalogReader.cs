using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.Catalog;

/// <summary>
/// Reads the files of folders, a stretch of them on each processor, and pairs them. What is the matter with a file is found on the thread that
/// reads it and collected in the order of the files, so that findings come in one order whoever was quicker.
/// </summary>
sealed class CatalogReader(IgnoredCharacters ignored)
{
    /// <summary>So many files one processor has read before others have woken up.</summary>
    const int Alone = 64;

    readonly List<MigrationFile> _files = [];
    readonly List<Finding> _findings = [];

    public void Read(string path)
    {
        List<string> paths = File.Exists(path) ? [path] : List(path);
        var readings = new Reading[paths.Count];
        if (paths.Count <= Alone)
        {
            ReadFiles(0, paths.Count);
        }
        else
        {
            Parallel.ForEach(Partitioner.Create(0, paths.Count), stretch => ReadFiles(stretch.Item1, stretch.Item2));
        }

        foreach (var (file, ofName, ofContent) in readings)
        {
            AddIfAny(_files, file);
            AddIfAny(_findings, ofName);
            AddIfAny(_findings, ofContent);
        }

        void ReadFiles(int start, int end)
        {
            for (var i = start; i < end; i++)
            {
                readings[i] = ReadFile(paths[i]);
            }
        }
    }

    public MigrationCatalog ToCatalog(IReadOnlyList<string> folders)
    {
        // A folder that is named twice brings each of its files twice.
        var files = (folders.Count == 1 ? _files : _files.DistinctBy(f => f.Path, StringComparer.Ordinal)).ToArray().AsSpan();
        files.Sort(Compare);
        var migrations = new List<Migration>(files.Length);
        while (!files.IsEmpty)
        {
            var count = 1;
            while (count < files.Length && files[count].Version == files[0].Version)
            {
                count++;
            }

            migrations.Add(Pair(files[..count]));
            files = files[count..];
        }

        return new(folders, migrations, _findings);
    }

    static List<string> List(string folder)
    {
        try
        {
            // Sorted, so that findings come in one order on every file system.
            var paths = Directory.EnumerateFileSystemEntries(folder).ToList();
            paths.Sort(StringComparer.Ordinal);
            return paths;
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

    Reading ReadFile(string path)
    {
        var reading = MigrationFileName.Read(Path.GetFileName(path));
        if (reading.Name is { } name)
        {
            return TryReadBytes(path, name, out var problem) is { } content ? ReadContent(path, name, content) : new(null, problem, null);
        }

        return reading.Problem is null || Directory.Exists(path)
            ? default
            : new(null, Found("FileNameInvalid", FindingSeverity.Error, path, null, reading.Problem + " sqlx refuses the whole folder because of it.",
                "Rename the file to VERSION_name.sql, or move it out of the folder.", MigrationErrorCode.MigrationFileInvalid), null);
    }

    static byte[]? TryReadBytes(string path, MigrationFileName name, out Finding? problem)
    {
        problem = null;
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Links are followed, as sqlx does; a folder called 1_x.sql is ignored, a link to nowhere stops sqlx. Asked here and not for each
            // file, which would cost as much as to open it.
            problem = Directory.Exists(path)
                ? null
                : Found("FileUnreadable", FindingSeverity.Error, path, name.Version, $"'{name.FileName}' cannot be read: {e.Message}",
                    "Make the file readable, or remove it if it is a link to nowhere.", MigrationErrorCode.MigrationFileInvalid);
            return null;
        }
    }

    Reading ReadContent(string path, MigrationFileName name, byte[] content)
    {
        var ofName = name.Version == name.SqlxVersion
            ? null
            : Found("NameReadDifferentlyBySqlx", FindingSeverity.Warning, path, name.Version,
                FormattableString.Invariant($"'{name.FileName}' is version {name.Version} here; sqlx reads it as version {name.SqlxVersion}."),
                FormattableString.Invariant($"Rename it to {name.Version}_{name.FileName[16..]} before sqlx sees it; the checksum does not change."),
                null);
        if (MigrationText.FirstInvalidByte(content) is >= 0 and var invalid)
        {
            var line = 1 + content.AsSpan(0, invalid).Count((byte)'\n');
            return new(null, ofName, Found("InvalidUtf8", FindingSeverity.Error, path, name.Version,
                FormattableString.Invariant($"'{name.FileName}' is not UTF-8: byte {invalid + 1} (0x{content[invalid]:X2}, line {line})."),
                "Save it as UTF-8 without a byte order mark.", MigrationErrorCode.MigrationFileInvalid, line));
        }

        var file = new MigrationFile(path, name, content, ignored);
        if (file.Kind != MigrationKind.Down)
        {
            // Here, where several are hashed at once: every command compares an up script with history. A down script's only a run wants.
            _ = file.Checksum;
        }

        return new(file, ofName, MigrationText.HasByteOrderMark(content)
            ? Found("ByteOrderMark", FindingSeverity.Error, path, name.Version,
                $"'{name.FileName}' starts with a byte order mark, which is part of its checksum and which PostgreSQL refuses (42601).",
                "Save it as UTF-8 without a byte order mark.", MigrationErrorCode.MigrationFileInvalid, 1)
            : null);
    }

    /// <summary>The migration of one version's files, which are ordered: ups first.</summary>
    Migration Pair(ReadOnlySpan<MigrationFile> files)
    {
        var ups = 0;
        while (ups < files.Length && files[ups].Kind != MigrationKind.Down)
        {
            ups++;
        }

        JudgeCount(files[..ups], "to apply");
        JudgeCount(files[ups..], "to revert");
        if (ups == 0)
        {
            _findings.Add(Found("DownWithoutUp", FindingSeverity.Error, files[0].Path, files[0].Version,
                $"'{files[0].FileName}' reverts a migration whose own file is not there.",
                "Restore the up file, or remove this one.", MigrationErrorCode.MigrationFileInvalid));
        }

        return new(files[0].Version, ups == 0 ? null : files[0], ups == files.Length ? null : files[ups]);
    }

    void JudgeCount(ReadOnlySpan<MigrationFile> same, string part)
    {
        if (same.Length > 1)
        {
            _findings.Add(Found("DuplicateVersion", FindingSeverity.Error, same[1].Path, same[1].Version,
                FormattableString.Invariant(
                    $"Version {same[1].Version} has {same.Length} files {part} it: {string.Join(", ", same.ToArray().Select(f => f.Path))}."),
                "Give one of them a version of its own; which one is applied must not depend on the file system.",
                MigrationErrorCode.DuplicateVersion));
        }
    }

    static int Compare(MigrationFile one, MigrationFile other)
    {
        var order = one.Version.CompareTo(other.Version);
        order = order != 0 ? order : ((int)one.Kind).CompareTo((int)other.Kind);
        return order != 0 ? order : string.CompareOrdinal(one.Path, other.Path);
    }

    static void AddIfAny<T>(List<T> list, T? item)
        where T : class
    {
        if (item is not null)
        {
            list.Add(item);
        }
    }

    static Finding Found(
        string rule, FindingSeverity severity, string path, long? version, string message, string advice, MigrationErrorCode? refusedAs,
        int? line = null) =>
        new(rule, severity, message)
        {
            Version = version,
            Location = line is null ? new(path) : new(path, line.Value, 1),
            RecommendedAction = advice,
            RefusedAs = refusedAs,
        };

    /// <summary>What became of a path: a file, what is the matter with it, or nothing at all when it is no migration's.</summary>
    [StructLayout(LayoutKind.Auto)]
    readonly record struct Reading(MigrationFile? File, Finding? OfName, Finding? OfContent);
}
