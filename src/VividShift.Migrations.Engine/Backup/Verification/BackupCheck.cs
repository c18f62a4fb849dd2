using VividShift.Migrations.Backup;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Backup.Manifest;

namespace VividShift.Migrations.Engine.Backup.Verification;

/// <summary>Whether the files of a backup are those of its manifest, to the last bit.</summary>
static class BackupCheck
{
    const string RecommendedAction = "Do not rely on this backup: use another one, or take a new one with Backup-VsDatabase -Verify.";

    /// <summary>What is wrong; nothing when all is well.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="progress">Is called, on some thread, when a file is begun: with its place, and the number of files.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<IReadOnlyList<Finding>> RunAsync(DatabaseBackup backup, Action<int, int> progress, CancellationToken cancellationToken)
    {
        var manifest = backup.Manifest;
        var findings = (await BackupFiles.EachAsync(
            manifest.Files,
            async (expected, place, token) =>
            {
                progress(place, manifest.Files.Count);
                return Difference(backup, expected, await BackupFiles.ReadAsync(backup.Folder, expected.Path, token));
            },
            cancellationToken)).OfType<Finding>().ToList();
        var known = manifest.Files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        findings.AddRange(BackupFiles.Names(backup.Folder).Where(name => !known.Contains(name))
            .Select(name => Of("FileUnexpected", backup, name, "is none of the backup's files")));
        return findings;
    }

    /// <summary>A manifest or a record of a trial that cannot be trusted, as a finding.</summary>
    public static Finding OfUnreadable(MigrationException damage) =>
        damage.ToFinding("BackupUnreadable", MigrationErrorCode.BackupInvalid) with { Location = damage.Target is string path ? new(path) : null };

    static Finding? Difference(DatabaseBackup backup, BackupFile expected, BackupFile? actual)
    {
        if (actual is null)
        {
            return Of("FileMissing", backup, expected.Path, "is missing");
        }

        if (actual.Size != expected.Size)
        {
            return Of("FileSizeDiffers", backup, expected.Path, FormattableString.Invariant($"has {actual.Size} bytes instead of {expected.Size}"));
        }

        return actual.Sha256 == expected.Sha256 ? null : Of("FileChanged", backup, expected.Path, "has other content than when it was written");
    }

    static Finding Of(string rule, DatabaseBackup backup, string file, string what) =>
        new(rule, FindingSeverity.Error, $"'{file}' of '{backup.Name}' {what}.")
        {
            Location = new(Path.Combine(backup.Folder, file)),
            RecommendedAction = RecommendedAction,
            RefusedAs = MigrationErrorCode.BackupInvalid,
        };
}
