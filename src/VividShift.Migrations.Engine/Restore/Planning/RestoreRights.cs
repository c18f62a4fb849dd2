using Npgsql;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>Whether the role may do all that a restore needs, asked before it begins.</summary>
static class RestoreRights
{
    const string Sql = """
        SELECT pg_is_in_recovery(), r.rolsuper, r.rolcreatedb, r.rolname::text
        FROM pg_roles r WHERE r.rolname = current_user
        """;

    /// <summary>What the role may not do and a restore does; nothing when it may do all of it.</summary>
    public static async Task<IReadOnlyList<Finding>> CheckAsync(
        Session maintenance, DatabaseTarget target, DatabaseDefinition? old, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        await using var command = new NpgsqlCommand(Sql, maintenance.Connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var role = reader.GetString(3);
        if (reader.GetBoolean(0))
        {
            findings.Add(Finding.Refusal(
                MigrationErrorCode.ReadOnlyServer, $"The server of {target} is a standby: it takes no writes.", "Restore on the primary."));
        }

        if (!reader.GetBoolean(1) && !reader.GetBoolean(2))
        {
            findings.Add(Finding.Refusal(
                MigrationErrorCode.PermissionDenied,
                $"Role {role} may not create databases on the server of {target}, and a restore makes a new one beside the old one.",
                $"Run with another role, or as a superuser: ALTER ROLE {SqlQuote.Identifier(role)} CREATEDB."));
        }

        if (old is { Owned: false })
        {
            findings.Add(Finding.Refusal(
                MigrationErrorCode.PermissionDenied,
                $"{target} belongs to {old.Owner}, and role {role} is not a member of it: it may not rename the database.",
                $"Run as {old.Owner} or as a superuser."));
        }

        return findings;
    }
}
