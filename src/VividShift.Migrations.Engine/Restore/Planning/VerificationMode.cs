using VividShift.Migrations.Backup;
using VividShift.Migrations.Engine.Backup.Verification;
using VividShift.Migrations.Restore;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>
/// How much of a restored database is compared with the manifest. To hash every row costs about a twentieth of a restore; where a trial
/// restore of the same files, which seal and checksums vouch for, came out right on the same major, pg_restore does again what was proved,
/// and counting shows that it did all of it.
/// </summary>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Reason">Why that is enough; null when content is compared, or nothing can be.</param>
sealed record VerificationMode(RestoreComparison Comparison, string? Reason)
{
    /// <summary>Chooses.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="source">What is restored.</param>
    /// <param name="serverMajor">The major of the server that is restored to.</param>
    /// <param name="old">The database that is replaced, whose encoding the new one gets; null: the new one gets the backup's.</param>
    public static VerificationMode Of(RestoreRequest request, RestoreSource source, int serverMajor, DatabaseDefinition? old)
    {
        if (source.Backup is not { Manifest: var manifest } backup)
        {
            return new(RestoreComparison.None, null);
        }

        if (!KnowsHashes(manifest))
        {
            return new(RestoreComparison.Counts, null);
        }

        return backup is { Verified: true, Verification: { } trial } && trial.ServerMajor == serverMajor && !request.Verify
            && (old is null || old.Encoding == manifest.Encoding)
            ? new(
                RestoreComparison.Counts,
                $"The trial restore of {trial.At:u} on {trial.Server} proved the content of '{backup.Name}': now rows are counted, and sequences and definitions compared. With -Verify every row is compared again.")
            : new(RestoreComparison.Content, null);
    }

    /// <summary>False when another version of this module made the hashes in a way of its own.</summary>
    public static bool KnowsHashes(BackupManifest manifest) => manifest.FingerprintMethod == ColumnHash.Method;
}
