using Npgsql;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Engine.History;

/// <summary>
/// Whether the role may keep history and the server takes writes at all. Asked before the first statement, so that a migration does not run only to
/// fail at its row.
/// </summary>
static class HistoryRights
{
    const string Sql = """
        SELECT pg_is_in_recovery(),
               CASE WHEN to_regclass($1) IS NULL THEN NULL
                    ELSE has_table_privilege($1, 'INSERT') AND has_table_privilege($1, 'UPDATE') AND has_table_privilege($1, 'DELETE') END,
               current_schema() IS NULL OR has_schema_privilege(current_schema(), 'CREATE'),
               current_user::text, current_schema()::text
        """;

    /// <summary>A refusal when the run would fail on rights; null when it would not, or when there is nothing to run.</summary>
    public static async Task<Finding?> JudgeAsync(Session session, MigrationPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Steps.Count == 0)
        {
            return null;
        }

        var table = plan.Context.History.Table;
        await using var command = new NpgsqlCommand(Sql, session.Connection) { Parameters = { new() { Value = table } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var role = reader.GetString(3);
        if (reader.GetBoolean(0))
        {
            return Finding.Refusal(MigrationErrorCode.ReadOnlyServer, $"{plan.Database} is a standby: it takes no writes.", "Run against the primary.");
        }

        if (!await reader.IsDBNullAsync(1, cancellationToken))
        {
            return reader.GetBoolean(1)
                ? null
                : Finding.Refusal(MigrationErrorCode.PermissionDenied, $"Role {role} may not write to {table} in {plan.Database}.",
                    $"Run with the role that owns it, or grant SELECT, INSERT, UPDATE, DELETE on {table} to {role}.");
        }

        return reader.GetBoolean(2) || plan.Context.CreateSchemas.Count > 0
            ? null
            : Finding.Refusal(MigrationErrorCode.PermissionDenied,
                $"Role {role} may not create the history table {table} in {plan.Database}: it has no CREATE on schema {reader.GetString(4)}.",
                $"Run with a role that may, or grant CREATE on the schema to {role}.");
    }
}
