using Npgsql;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.History;
using VividShift.Migrations.Repair;

namespace VividShift.Migrations.Engine.History.Repair;

/// <summary>
/// All changes in one transaction. sqlx-cli takes no lock, so each row is changed only if it is still, to the byte, the one that was judged.
/// </summary>
sealed class HistoryChanges(Session session, ProjectSettings project, HistoryTable table)
{
    const string Unchanged = "version = $1 AND success = $2 AND checksum = $3 AND description = $4 AND installed_on = $5";

    public async Task<IReadOnlyList<HistoryChange>> WriteAsync(IReadOnlyList<HistoryChange> changes, CancellationToken cancellationToken)
    {
        await using var transaction = await session.Connection.BeginTransactionAsync(cancellationToken);
        if (!table.Exists && changes.Any(c => c.After is not null))
        {
            await HistoryCreation.CreateAsync(session, project, table.Name, cancellationToken);
        }

        var written = new List<HistoryChange>();
        foreach (var change in changes)
        {
            written.Add(await WriteAsync(change, cancellationToken));
        }

        await transaction.CommitAsync(cancellationToken);
        return written;
    }

    public static MigrationException ChangedMeanwhile(HistoryChange change) => new(
        MigrationErrorCode.PlanChanged,
        FormattableString.Invariant($"The row of migration {change.Version} in {change.Table} is no longer the one that was shown: ")
        + "somebody changed history meanwhile.",
        "See Get-VsMigrationStatus, then decide again.")
    {
        Target = change,
    };

    async Task<HistoryChange> WriteAsync(HistoryChange change, CancellationToken cancellationToken)
    {
        await using var command = change switch
        {
            { Before: null, After: { } after } => Command(
                $"""
                INSERT INTO {table.Name} (version, description, success, checksum, execution_time) VALUES ($1, $2, $3, $4, -1)
                ON CONFLICT DO NOTHING RETURNING installed_on
                """,
                after.Version,
                after.Description,
                after.Success,
                after.Checksum.ToArray()),
            { Before: { } before, After: null } => Command(
                $"DELETE FROM {table.Name} WHERE {Unchanged} RETURNING installed_on", Values(before)),
            { Before: { } before, After: { } after } => Command(
                $"UPDATE {table.Name} SET success = $6, checksum = $7, description = $8, execution_time = $9 WHERE {Unchanged} RETURNING installed_on",
                [.. Values(before), after.Success, after.Checksum.ToArray(), after.Description, after.ExecutionTime]),
            _ => throw new InvalidOperationException("A change has a row before or after."),
        };
        var installedOn = await command.ExecuteScalarAsync(cancellationToken) as DateTime? ?? throw ChangedMeanwhile(change);
        return change with { After = change.After is null ? null : change.After with { InstalledOn = new(installedOn) } };
    }

    static object[] Values(AppliedMigration row) => [row.Version, row.Success, row.Checksum.ToArray(), row.Description, row.InstalledOn.UtcDateTime];

    NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, session.Connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
