using Npgsql;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Engine.History;

/// <summary>Makes the history table, under the lock and only when something is about to be applied.</summary>
static class HistoryCreation
{
    public static async Task CreateAsync(Session session, ProjectSettings project, string table, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        foreach (var sql in HistorySql.Create(project.CreateSchemas, table))
        {
            batch.BatchCommands.Add(new(sql));
        }

        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e)
        {
            throw new MigrationException(
                e.SqlState == PostgresErrorCodes.InsufficientPrivilege ? MigrationErrorCode.PermissionDenied : MigrationErrorCode.DatabaseError,
                $"The history table {table} cannot be made in {session.Target}: {e.MessageText} ({e.SqlState}).",
                "Let an owner make it once, or grant CREATE on the schema to the role that migrates.",
                e)
            {
                Target = session.Target,
                Sql = SqlErrors.Details(e, e.BatchCommand?.CommandText),
            };
        }
    }
}
