using VividShift.Migrations.Catalog;
using VividShift.Migrations.Databases;

namespace VividShift.Migrations.Planning;

/// <summary>Files joined with history: the flow cut before anything is planned.</summary>
public static class StatusReport
{
    /// <summary>One status a version, ascending.</summary>
    public static IReadOnlyList<MigrationStatus> Of(MigrationCatalog catalog, MigrationHistory history, DatabaseTarget database)
    {
        var rows = history.Rows.ToDictionary(r => r.Version);
        var statuses = new List<MigrationStatus>(Math.Max(catalog.Migrations.Count, rows.Count));
        var problems = catalog.Findings
            .Where(f => f.Version is not null)
            .ToLookup(f => f.Version!.Value, f => f.Message);
        foreach (var migration in catalog.Migrations)
        {
            var row = rows.GetValueOrDefault(migration.Version);
            rows.Remove(migration.Version);
            var state = StateOf(migration, row, history.Newest);
            var said = problems[migration.Version];
            statuses.Add(new()
            {
                Version = migration.Version,
                Description = migration.Description,
                State = state,
                AppliedAt = row?.InstalledOn,
                Duration = DurationOf(row),
                Reversible = migration.Reversible,
                Transactional = migration.Up is null ? null : TransactionalityAnalyzer.IsTransactional(migration.Up),
                Checksum = (migration.Up?.Checksum ?? row?.Checksum ?? default).ToString(),
                Path = migration.Up?.Path,
                DownPath = migration.Down?.Path,
                Problem = Join(said, ProblemOf(state, migration, row, history.Newest)),
                Database = database,
            });
        }

        statuses.AddRange(rows.Values.Select(row => OrphanOf(row, database)));
        statuses.Sort();
        return statuses;
    }

    /// <summary>How a file and a row relate; a version without an up file counts as there, as in sqlx.</summary>
    public static MigrationState StateOf(Migration migration, AppliedMigration? row, long? newest) => row switch
    {
        null => newest > migration.Version ? MigrationState.OutOfOrder : MigrationState.Pending,
        { Success: false } => MigrationState.Failed,
        _ when migration.Up is null => MigrationState.Missing,
        _ when migration.Up.Checksum != row.Checksum => MigrationState.Modified,
        _ => MigrationState.Applied,
    };

    static MigrationStatus OrphanOf(AppliedMigration row, DatabaseTarget database) => new()
    {
        Version = row.Version,
        Description = row.Description,
        State = row.Success ? MigrationState.Missing : MigrationState.Failed,
        AppliedAt = row.InstalledOn,
        Duration = DurationOf(row),
        Reversible = false,
        Transactional = null,
        Checksum = row.Checksum.ToString(),
        Problem = "History has it; no file does.",
        Database = database,
    };

    static TimeSpan? DurationOf(AppliedMigration? row) =>
        row is null or { ExecutionTime: < 0 } ? null : TimeSpan.FromTicks(row.ExecutionTime / 100);

    static string? ProblemOf(MigrationState state, Migration migration, AppliedMigration? row, long? newest) => state switch
    {
        MigrationState.Modified => ModifiedText(migration.Up!, row!),
        MigrationState.Missing => "History has it; only its down script is left.",
        MigrationState.Failed => "It stopped half-way, outside a transaction, and was not finished.",
        MigrationState.OutOfOrder => FormattableString.Invariant($"It is older than {newest}, the newest applied version."),
        _ => null,
    };

    internal static string ModifiedText(MigrationFile up, AppliedMigration row) =>
        ChecksumDifference.Explain(up, row.Checksum) is { } harmless
            ? $"The file differs from what was applied {harmless}."
            : "The file was edited after it was applied.";

    static string? Join(IEnumerable<string> said, string? last)
    {
        var all = string.Join(" ", last is null ? said : said.Append(last));
        return all.Length == 0 ? null : all;
    }
}
