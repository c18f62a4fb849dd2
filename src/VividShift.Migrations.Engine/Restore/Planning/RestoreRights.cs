using System.Data;
using VividShift.Migrations.Databases;
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

    /// <summary>Ends the restore when the role may not do all of it.</summary>
    /// <exception cref="MigrationException">PermissionDenied or ReadOnlyServer.</exception>
    public static async Task RefuseMissingAsync(
        Session maintenance, DatabaseTarget target, DatabaseDefinition? old, CancellationToken cancellationToken)
    {
        var (role, standby, creates) = (await maintenance.QueryAsync(
            Sql, row => (row.GetString("role"), row.GetBoolean("standby"), row.GetBoolean("creates")), cancellationToken))[0];
        if (standby)
        {
            throw Refusal(MigrationErrorCode.ReadOnlyServer, $"The server of {target} is a standby: it takes no writes.", "Restore on the primary.", target);
        }

        if (!creates)
        {
            throw Refusal(
                MigrationErrorCode.PermissionDenied,
                $"Role {role} may not create databases on the server of {target}, and a restore makes a new one beside the old one.",
                $"Run with another role, or as a superuser: ALTER ROLE {SqlQuote.Identifier(role)} CREATEDB.",
                target);
        }

        if (old is { Owned: false })
        {
            throw Refusal(
                MigrationErrorCode.PermissionDenied,
                $"{target} belongs to {old.Owner}, and role {role} is not a member of it: it may not rename the database.",
                $"Run as {old.Owner} or as a superuser.",
                target);
        }
    }

    static MigrationException Refusal(MigrationErrorCode code, string problem, string advice, DatabaseTarget target) =>
        new(code, $"{problem} Nothing was changed. {advice}") { RecommendedAction = advice, DatabaseState = "Nothing was changed.", Target = target };
}
