using System.IO.Enumeration;
using VividShift.Migrations.Backup;

namespace VividShift.Migrations.Engine.Backup.Manifest;

/// <summary>The backups in some folders, by their manifests.</summary>
static class BackupCatalog
{
    /// <summary>Looks; a folder that is not there holds none when it is the configured one, and is an error when somebody named it.</summary>
    /// <exception cref="MigrationException">PathNotFound.</exception>
    public static BackupListing List(BackupSelection selection, string configuredFolder)
    {
        var backups = new List<DatabaseBackup>();
        var damaged = new List<MigrationException>();
        IReadOnlyList<string> folders = selection.Folders.Count > 0 ? selection.Folders : Directory.Exists(configuredFolder) ? [configuredFolder] : [];
        foreach (var folder in folders.SelectMany(Candidates).Distinct(StringComparer.Ordinal).Where(folder => IsNamed(folder, selection)))
        {
            try
            {
                backups.Add(BackupFolder.Read(folder));
            }
            catch (MigrationException e) when (e.Code == MigrationErrorCode.BackupInvalid)
            {
                damaged.Add(e);
            }
        }

        var found = backups
            .Where(backup => selection.Tag is null || (backup.Tag is { } tag && Matches(selection.Tag, tag)))
            .OrderByDescending(backup => backup.TakenAt)
            .ThenByDescending(backup => backup.Name, StringComparer.Ordinal);
        return new([.. selection.Latest ? found.Take(1) : found], damaged);
    }

    /// <summary>A folder of backups holds folders; one with a manifest, or with an archive that lost its manifest, is itself meant.</summary>
    static IEnumerable<string> Candidates(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new MigrationException(
                MigrationErrorCode.PathNotFound,
                $"There is no folder '{folder}'.",
                "Name a folder of backups.")
            {
                Target = folder,
            };
        }

        if (IsBackup(folder))
        {
            return [Path.TrimEndingDirectorySeparator(folder)];
        }

        return Directory.EnumerateDirectories(folder, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.None })
            .Where(child => !Path.GetFileName(child).StartsWith(BackupFolder.PartialPrefix, StringComparison.Ordinal) && IsBackup(child));
    }

    static bool IsBackup(string folder) => File.Exists(Path.Combine(folder, BackupFolder.Manifest))
        || File.Exists(Path.Combine(folder, BackupFolder.Verification))
        || File.Exists(Path.Combine(folder, BackupFolder.Data))
        || File.Exists(Path.Combine(folder, BackupFolder.Data, "toc.dat"));

    static bool IsNamed(string folder, BackupSelection selection) =>
        selection.Names.Count == 0 || selection.Names.Any(name => Matches(name, Path.GetFileName(folder)));

    static bool Matches(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: true);
}
