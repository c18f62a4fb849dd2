using VividShift.Migrations.Catalog;
using VividShift.Migrations.History;

namespace VividShift.Migrations.Diagnostics.Rules;

/// <summary>A version with its file and its row in history, as far as there are any, and what the two say together.</summary>
/// <param name="Version">The version.</param>
/// <param name="Migration">Its files; null when there are none.</param>
/// <param name="Row">Its row; null when there is none.</param>
/// <param name="State">How they relate.</param>
/// <param name="Finding">What is the matter; null when they go together.</param>
public sealed record JudgedMigration(long Version, Migration? Migration, AppliedMigration? Row, MigrationState State, Finding? Finding);

/// <summary>
/// The one judge of files against history: status, plans in both directions, tests and repairs all ask here, so that the same condition
/// has the same state, rule, sentence and recommended action wherever it is met.
/// </summary>
public static class HistoryRules
{
    /// <summary>Every version of which there is a file or a row, ascending.</summary>
    public static IReadOnlyList<JudgedMigration> Judge(MigrationCatalog catalog, MigrationHistory history)
    {
        var rows = history.Rows.ToDictionary(r => r.Version);
        var judged = new List<JudgedMigration>(Math.Max(catalog.Migrations.Count, rows.Count));
        foreach (var migration in catalog.Migrations)
        {
            rows.Remove(migration.Version, out var row);
            judged.Add(Judge(migration.Version, migration, row, history.Newest));
        }

        if (rows.Count > 0)
        {
            judged.AddRange(rows.Values.Select(row => Judge(row.Version, null, row, history.Newest)));
            judged.Sort((one, other) => one.Version.CompareTo(other.Version));
        }

        return judged;
    }

    /// <summary>What history says of a version that has a row.</summary>
    public static JudgedMigration Judge(MigrationCatalog catalog, AppliedMigration row) =>
        Judge(row.Version, catalog.Find(row.Version), row, newest: null);

    static JudgedMigration Judge(long version, Migration? migration, AppliedMigration? row, long? newest)
    {
        var state = StateOf(version, migration, row, newest);
        return new(version, migration, row, state, state switch
        {
            MigrationState.Failed => Unfinished(row!, migration?.Up),
            MigrationState.Missing => Missing(row!),
            MigrationState.Modified => Modified(row!, migration!.Up!),
            // A down script alone is the catalogue's finding.
            MigrationState.OutOfOrder when migration?.Up is { } up => Late(up, newest!.Value),
            _ => null,
        });
    }

    // A version without an up file counts as there, as in sqlx.
    static MigrationState StateOf(long version, Migration? migration, AppliedMigration? row, long? newest) => row switch
    {
        null => newest > version ? MigrationState.OutOfOrder : MigrationState.Pending,
        { Success: false } => MigrationState.Failed,
        _ when migration?.Up is null => MigrationState.Missing,
        _ when migration.Up.Checksum != row.Checksum => MigrationState.Modified,
        _ => MigrationState.Applied,
    };

    static Finding Unfinished(AppliedMigration row, MigrationFile? up) => up is null
        ? About(row, null, MigrationErrorCode.DirtyMigration, "stopped half-way, outside a transaction, and its file is gone.",
            FormattableString.Invariant(
                $"Bring its file back, or remove what it left and settle it with Repair-VsMigration -Version {row.Version} -NotApplied."),
            RefusalOverrides.None)
        : About(row, up, MigrationErrorCode.DirtyMigration, "stopped half-way, outside a transaction.",
            "Look at which of its statements took effect. Then run it again from its first statement with Invoke-VsMigration -Force, once the "
            + "script is re-runnable (IF NOT EXISTS); or take it back by its down script with Undo-VsMigration -Force; or settle it with "
            + "Repair-VsMigration -Applied or -NotApplied.",
            RefusalOverrides.Force);

    static Finding Missing(AppliedMigration row) =>
        About(row, null, MigrationErrorCode.MigrationMissing, "was applied, and its file is gone.",
            "Bring the file back, go on without it with -IgnoreMissing, or forget the migration with Repair-VsMigration -Missing.",
            RefusalOverrides.Force | RefusalOverrides.IgnoreMissing);

    static Finding Modified(AppliedMigration row, MigrationFile up)
    {
        var harmless = ChecksumDifference.Explain(up, row.Checksum);
        var (what, advice) = harmless is null
            ? ("it was edited.",
                FormattableString.Invariant($"Bring back the file as it was applied ({up.Path}) and put the change into a new migration; ")
                + "if the edit changes nothing in a database, accept it with "
                + FormattableString.Invariant($"Repair-VsMigration -Version {row.Version} -AcceptChange; "))
            : ($"it differs {harmless}.",
                FormattableString.Invariant($"Bring back the file as it was applied ({up.Path}), or stamp its checksum as it is now with ")
                + FormattableString.Invariant($"Repair-VsMigration -Version {row.Version}; "));
        return About(row, up, MigrationErrorCode.ChecksumMismatch, $"was applied, and its file is no longer the same: {what}",
            advice + "or let Invoke-VsMigration or Undo-VsMigration go on all the same with -Force.", RefusalOverrides.Force);
    }

    static Finding Late(MigrationFile up, long newest) =>
        About(up.Version, up.Description, up, MigrationErrorCode.OutOfOrder,
            FormattableString.Invariant($"is pending and older than {newest}, the newest applied version."),
            "Give it a newer version if nobody has applied it yet, or apply it late with -AllowOutOfOrder.",
            RefusalOverrides.Force | RefusalOverrides.AllowOutOfOrder);

    static Finding About(
        AppliedMigration row, MigrationFile? file, MigrationErrorCode code, string what, string advice, RefusalOverrides overriddenBy) =>
        About(row.Version, row.Description, file, code, what, advice, overriddenBy);

    static Finding About(
        long version,
        string description,
        MigrationFile? file,
        MigrationErrorCode code,
        string what,
        string advice,
        RefusalOverrides overriddenBy) =>
        Finding.Refusal(code, FormattableString.Invariant($"Migration {version} ({description}) {what}"), advice) with
        {
            Version = version,
            Location = file is null ? null : new(file.Path),
            OverriddenBy = overriddenBy,
        };
}
