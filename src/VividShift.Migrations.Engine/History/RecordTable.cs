using System.Data;
using Npgsql;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.History;

/// <summary>
/// A relation that has the name of a table in which records are kept: sqlx's history, ours of seeds. Before it is read, it must be a table, since
/// a view or a foreign table answers what its owner likes, and runs the owner's functions with the reader's rights. Before it is written to, its
/// owner must be somebody we trust, since that is whose triggers would run.
/// </summary>
sealed record RecordTable
{
    // Whoever is a superuser has every role by pg_has_role, so memberships are walked. From 16 on there are some that give no rights.
    const string Sql = """
        WITH RECURSIVE wanted AS (
            SELECT parts[cardinality(parts)]::name AS name, parts[cardinality(parts) - 1]::name AS schema FROM parse_ident($1) AS parts
        ), roles AS (
            SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname IN (current_user, session_user)
            UNION
            SELECT m.roleid FROM roles JOIN pg_catalog.pg_auth_members m ON m.member = roles.oid
            WHERE 'true' IN (coalesce(to_jsonb(m) ->> 'inherit_option', 'true'), coalesce(to_jsonb(m) ->> 'set_option', 'true'))
        )
        SELECT c.oid::bigint AS oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name, c.relkind::text AS kind, o.rolname::text AS owner,
               o.rolsuper OR c.relowner IN (SELECT oid FROM roles) OR c.relowner = d.datdba
                   OR o.rolname = 'pg_database_owner' OR o.rolname::text = ANY ($3) AS trusted,
               row_security_active(c.oid) AS rows_hidden,
               ARRAY(SELECT a.attname::text || ' ' || format_type(a.atttypid, NULL) FROM pg_catalog.pg_attribute a
                     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
        FROM wanted w
             JOIN pg_catalog.pg_class c ON c.relname = w.name
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
             JOIN pg_catalog.pg_database d ON d.datname = current_database()
        WHERE CASE WHEN w.schema IS NULL THEN n.nspname::text = ANY ($2) ELSE n.nspname = w.schema END
        ORDER BY array_position($2, n.nspname::text)
        LIMIT 1
        """;

    /// <summary>By which it is known again.</summary>
    public required uint Oid { get; init; }

    /// <summary>Qualified and quoted.</summary>
    public required string Name { get; init; }

    public required string Owner { get; init; }

    public required bool OwnerTrusted { get; init; }

    /// <summary>A policy would hide rows from the session's role.</summary>
    public required bool RowsHidden { get; init; }

    /// <summary>pg_class.relkind.</summary>
    public required char Kind { get; init; }

    /// <summary>Each with its type.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Finds what the user's sessions would find under a name; null when that is nothing.</summary>
    /// <param name="session">Knows where the user's names are looked for.</param>
    /// <param name="name">As SQL would write it, with a schema or without.</param>
    /// <param name="project">Knows further owners to trust.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<RecordTable?> FindAsync(Session session, string name, ProjectSettings project, CancellationToken cancellationToken)
    {
        var found = await session.QueryAsync(Sql, From, cancellationToken, name, session.UserSchemas, project.TrustedOwners.ToArray());
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>Why it cannot be read; null when it can.</summary>
    /// <param name="columns">Those that it must have, with their types.</param>
    /// <param name="session">Whose role it is that reads.</param>
    /// <param name="wayOut">What to do when something else has the name.</param>
    public Finding? WhyUnreadable(IReadOnlyList<string> columns, Session session, string wayOut)
    {
        if (Kind is not ('r' or 'p'))
        {
            return Problem(
                MigrationErrorCode.HistoryInvalid,
                $"{Name} in {session.Target} is {KindName} and not a table: what it answers is up to its owner {Owner}, so it is not read.",
                wayOut);
        }

        if (columns.Except(Columns, StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
        {
            return Problem(
                MigrationErrorCode.HistoryInvalid,
                $"{Name} in {session.Target} is not the table that it should be: it lacks {string.Join(", ", missing)}.",
                wayOut);
        }

        return !RowsHidden ? null : Problem(
            MigrationErrorCode.PermissionDenied,
            $"Row-level security hides rows of {Name} in {session.Target} from this role, so what it holds cannot be known.",
            $"Sign in as its owner {Owner} or as a role with BYPASSRLS, or let the owner run ALTER TABLE {Name} DISABLE ROW LEVEL SECURITY.");
    }

    /// <summary>Why it must not be written to; null when it may.</summary>
    public Finding? WhyUntrusted(Session session) => OwnerTrusted ? null : Problem(
        MigrationErrorCode.OwnerUntrusted,
        $"{Name} in {session.Target} belongs to {Owner}, and this session's role is no member of that: "
        + "whoever writes to it would run that owner's triggers with rights of their own.",
        $"Sign in as {Owner} or a member of it, let a superuser give the table to whoever migrates (ALTER TABLE {Name} OWNER TO …), "
        + $"or name {Owner} in the setting trustedOwners.") with { Severity = FindingSeverity.Warning };

    string KindName => Kind switch
    {
        'v' => "a view",
        'm' => "a materialized view",
        'f' => "a foreign table",
        'S' => "a sequence",
        'i' or 'I' => "an index",
        'c' => "a composite type",
        _ => "something else",
    };

    Finding Problem(MigrationErrorCode code, string message, string advice) =>
        Finding.Refusal(code, message, advice) with { DatabaseObject = Name };

    static RecordTable From(NpgsqlDataReader row) => new()
    {
        Oid = (uint)row.GetInt64("oid"),
        Name = row.GetString("name"),
        Owner = row.GetString("owner"),
        OwnerTrusted = row.GetBoolean("trusted"),
        RowsHidden = row.GetBoolean("rows_hidden"),
        Kind = row.GetString("kind")[0],
        Columns = row.GetFieldValue<string[]>("columns"),
    };
}
