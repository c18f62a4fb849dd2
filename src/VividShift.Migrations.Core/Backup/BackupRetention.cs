namespace VividShift.Migrations.Backup;

/// <summary>Which backups may go. Of each database the newest verified one never does.</summary>
/// <param name="Before">Only backups taken before this moment go; null: of any age.</param>
/// <param name="Keep">How many of each database stay, the newest; null: none for that reason.</param>
public sealed record BackupRetention(DateTimeOffset? Before, int? Keep)
{
    /// <summary>Judges backups.</summary>
    /// <param name="chosen">Those that are to go.</param>
    /// <param name="all">All that are there, by which it is seen what is newest.</param>
    /// <returns>Each of the chosen, oldest first, with the reason to stay; null when it goes.</returns>
    public IReadOnlyList<(DatabaseBackup Backup, string? Reason)> Judge(IReadOnlyList<DatabaseBackup> chosen, IReadOnlyList<DatabaseBackup> all)
    {
        ArgumentNullException.ThrowIfNull(chosen);
        ArgumentNullException.ThrowIfNull(all);
        var proofs = new HashSet<string>(StringComparer.Ordinal);
        var newest = new HashSet<string>(StringComparer.Ordinal);
        foreach (var ofDatabase in all.Concat(chosen).DistinctBy(backup => backup.Folder, StringComparer.Ordinal).GroupBy(Subject))
        {
            var ordered = ofDatabase.OrderByDescending(backup => backup.TakenAt).ThenByDescending(backup => backup.Name, StringComparer.Ordinal).ToList();
            newest.UnionWith(ordered.Take(Keep ?? 0).Select(backup => backup.Folder));
            // A verified part of a database must not let the last verified whole go.
            proofs.UnionWith(ordered.Where(backup => backup.Verified).GroupBy(backup => backup.Content).Select(group => group.First().Folder));
        }

        return [.. chosen.DistinctBy(backup => backup.Folder, StringComparer.Ordinal).OrderBy(backup => backup.TakenAt).Select(backup => (backup, Reason(backup)))];

        string? Reason(DatabaseBackup backup)
        {
            if (proofs.Contains(backup.Folder))
            {
                return "it is the last verified one of its database";
            }

            if (newest.Contains(backup.Folder))
            {
                return FormattableString.Invariant($"it is one of the newest {Keep}");
            }

            return Before is { } before && backup.TakenAt >= before ? "it is not old enough" : null;
        }
    }

    // Not the role that signed in, which may be another from night to night.
    static (string Host, int Port, string Database) Subject(DatabaseBackup backup) =>
        (backup.Database.Host, backup.Database.Port, backup.Database.Database);
}
