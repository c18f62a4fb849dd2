using VividShift.Migrations.Backups;

namespace VividShift.Migrations.Engine.Backups;

/// <summary>Whether the files of a backup are those of its manifest, to the last bit.</summary>
static class BackupCheck
{
    const string Advice = "Do not rely on this backup: use another one, or take a new one with Backup-VsDatabase -Verify.";

    /// <summary>What is wrong; nothing when all is well.</summary>
    public static async Task<IReadOnlyList<Finding>> RunAsync(DatabaseBackup backup, Action<int, int> progress, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var manifest = backup.Manifest;
        for (var i = 0; i < manifest.Files.Count; i++)
        {
            progress(i, manifest.Files.Count);
            var expected = manifest.Files[i];
            var actual = await BackupFiles.ReadAsync(backup.Folder, expected.Path, cancellationToken);
            if (actual is null)
            {
                findings.Add(Of("FileMissing", backup, expected.Path, "is missing"));
            }
            else if (actual.Size != expected.Size)
            {
                findings.Add(Of("FileSizeDiffers", backup, expected.Path, FormattableString.Invariant($"has {actual.Size} bytes instead of {expected.Size}")));
            }
            else if (actual.Sha256 != expected.Sha256)
            {
                findings.Add(Of("FileChanged", backup, expected.Path, "has other content than when it was written"));
            }
        }

        var known = manifest.Files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        findings.AddRange(BackupFiles.Names(backup.Folder).Where(name => !known.Contains(name))
            .Select(name => Of("FileUnexpected", backup, name, "is none of the backup's files")));
        return findings;
    }

    /// <summary>A manifest or a record of a trial that cannot be trusted, as a finding.</summary>
    public static Finding OfUnreadable(MigrationException damage) =>
        new("BackupUnreadable", FindingSeverity.Error, damage.Message)
        {
            Path = damage.Target as string,
            Advice = damage.Advice,
            RefusedAs = MigrationErrorCode.BackupInvalid,
        };

    static Finding Of(string rule, DatabaseBackup backup, string file, string what) =>
        new(rule, FindingSeverity.Error, $"'{file}' of '{backup.Name}' {what}.")
        {
            Path = Path.Combine(backup.Folder, file),
            Advice = Advice,
            RefusedAs = MigrationErrorCode.BackupInvalid,
        };
}
