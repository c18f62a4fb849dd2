using System.Globalization;
using System.Text;
using VividShift.Migrations.Backup;

namespace VividShift.Migrations.Engine.Backup.Manifest;

/// <summary>What lies where in the folder of a backup, and how it is named.</summary>
static class BackupFolder
{
    public const string Manifest = "manifest.json";
    public const string Verification = "verification.json";

    /// <summary>A folder, or in the custom format a file: what pg_dump wrote.</summary>
    public const string Data = "data";

    /// <summary>Begins the name of whatever is not a finished backup.</summary>
    public const string PartialPrefix = ".partial-";

    /// <summary>The newest form of verification.json.</summary>
    public const int VerificationFormat = 1;

    /// <summary>Reads a backup.</summary>
    /// <exception cref="MigrationException">BackupInvalid.</exception>
    public static DatabaseBackup Read(string folder)
    {
        var (manifest, seal) = ChecksummedJson.Read<BackupManifest>(Path.Combine(folder, Manifest), BackupManifest.CurrentFormatVersion);
        return new(folder, manifest) { Verification = ReadVerification(folder, seal) };
    }

    /// <summary>Records a trial restore.</summary>
    public static async Task RecordAsync(string folder, BackupVerification verification, CancellationToken cancellationToken)
    {
        var (_, seal) = ChecksummedJson.Read<BackupManifest>(Path.Combine(folder, Manifest), BackupManifest.CurrentFormatVersion);
        await ChecksummedJson.WriteAsync(
            Path.Combine(folder, Verification), new VerificationRecord(VerificationFormat, seal, verification), cancellationToken);
    }

    /// <summary>The name of a new backup: database, moment, tag.</summary>
    public static string NameOf(string database, DateTimeOffset takenAt, string? tag)
    {
        var name = new StringBuilder();
        foreach (var character in database)
        {
            name.Append(char.IsLetterOrDigit(character) || character is '_' or '-' ? character : '_');
        }

        name.Append('-').Append(takenAt.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        return tag is null ? name.ToString() : name.Append('-').Append(tag).ToString();
    }

    /// <summary>Refuses a tag that cannot be part of a file name everywhere.</summary>
    /// <exception cref="MigrationException">NameInvalid.</exception>
    public static void ThrowUnlessTag(string? tag)
    {
        if (tag is not null && (tag.Length is 0 or > 64 || tag.EndsWith('.') || !tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')))
        {
            throw new MigrationException(
                MigrationErrorCode.NameInvalid,
                $"The tag '{tag}' cannot be part of the name of a folder.",
                "Use letters, digits, dots, hyphens and underscores, 64 at most.")
            {
                Target = tag,
            };
        }
    }

    static BackupVerification? ReadVerification(string folder, string manifestSeal)
    {
        var path = Path.Combine(folder, Verification);
        if (!File.Exists(path))
        {
            return null;
        }

        var (record, _) = ChecksummedJson.Read<VerificationRecord>(path, VerificationFormat);
        return record.Manifest == manifestSeal
            ? record.Verification
            : throw new MigrationException(
                MigrationErrorCode.BackupInvalid,
                $"'{path}' belongs to another backup.",
                "Put back the one that was there, or test the backup anew with Test-VsBackup -Restore after deleting it.")
            {
                Target = path,
            };
    }

    sealed record VerificationRecord(int FormatVersion, string Manifest, BackupVerification Verification);
}
