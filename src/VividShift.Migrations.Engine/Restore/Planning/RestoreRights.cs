using System.Data;
using VividShift.Migrations.Databases;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Restore.Planning;

/// <summary>Whether the role may do all that a restore needs, asked before it begins.</summary>
static class RestoreRights
{
    const string Sql = """
        SELECT pg_is_in_recovery() AS standby, r.rolsuper OR r.rolcreatedb AS creates, r.rolname::text AS role
        FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
        """;

    /// <summary>What the role may not do and a restore does; nothing when it may do all of it.</summary>
    public static async Task<IReadOnlyList<Finding>> CheckAsync(
        Session maintenance, DatabaseTarget target, DatabaseDefinition? old, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var (role, standby, creates) = (await maintenance.QueryAsync(
            Sql, row => (row.GetString("role"), row.GetBoolean("standby"), row.GetBoolean("creates")), cancellationToken))[0];
        if (standby)
        {
            findings.Add(Finding.Refusal(
                MigrationErrorCode.ReadOnlyServer, $"The server of {target} is a standby: it takes no writes.", "Restore on the primary."));
        }

        if (!creates)
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
