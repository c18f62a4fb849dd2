using System.Data;
using Npgsql;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Backup.Verification;

/// <summary>What there is to be hashed in a database, in three round trips however many tables there are.</summary>
/// <param name="Tables">The tables whose rows pg_dump writes, biggest first.</param>
/// <param name="NotHashed">What else holds rows, with the reason.</param>
/// <param name="Protected">Tables whose row-level security would hide rows from this role.</param>
internal sealed record FingerprintCatalogue(
    IReadOnlyList<FingerprintTable> Tables, IReadOnlyList<string> NotHashed, IReadOnlyList<string> Protected)
{
    const string OfUser =
        """
        c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
            AND n.nspname NOT LIKE 'pg\_temp\_%' AND n.nspname NOT LIKE 'pg\_toast\_temp\_%'
        """;

    const string OfExtension =
        """
        EXISTS (SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        """;

    const string Columns =
        """
        pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid LEFT JOIN pg_catalog.pg_type base ON base.oid = t.typbasetype
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        ORDER BY a.attname
        """;

    // From PostgreSQL 18 on such a constraint may be NOT VALID, and then says nothing of the rows that are there.
    const string NotNull =
        """
        a.attnotnull AND CASE WHEN current_setting('server_version_num')::int >= 180000 THEN NOT EXISTS (
            SELECT FROM pg_catalog.pg_constraint k
            WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey[1] = a.attnum AND NOT k.convalidated) ELSE true END
        """;

    // Sizes by the catalogue's estimate: pg_table_size waits for whoever has the table locked.
    const string TablesSql =
        $"""
        SELECT n.nspname::text AS schema, c.relname::text AS table, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
               (c.relpages::bigint + coalesce(t.relpages, 0)) * current_setting('block_size')::bigint AS bytes,
               row_security_active(c.oid) AS protected,
               ARRAY(SELECT quote_ident(a.attname) FROM {Columns}) AS columns,
               ARRAY(SELECT CASE WHEN coalesce(base.typnamespace, t.typnamespace) = 'pg_catalog'::regnamespace
                                 THEN coalesce(base.typname, t.typname)::text ELSE '' END FROM {Columns}) AS types,
               ARRAY(SELECT {NotNull} FROM {Columns}) AS not_null,
               c.relispartition AS partition
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid
        WHERE c.relkind = 'r' AND {OfUser} AND NOT {OfExtension}
        ORDER BY bytes DESC, 1, 2
        """;

    const string OthersSql =
        $"""
        SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) || CASE c.relkind
                   WHEN 'f' THEN ': a foreign table, whose rows are on another server'
                   WHEN 'm' THEN ': a materialized view, which restoring builds anew'
                   ELSE ': a table of an extension, which brings its own rows' END
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE {OfUser} AND (c.relkind IN ('f', 'm') OR (c.relkind = 'r' AND {OfExtension}))
        UNION ALL
        SELECT 'large objects: the role may not read pg_largeobject' WHERE {HasLargeObjects} AND NOT {ReadsLargeObjects}
        ORDER BY 1
        """;

    const string HasLargeObjects = "EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata)";

    const string ReadsLargeObjects = "has_table_privilege('pg_catalog.pg_largeobject', 'SELECT')";

    // Their pages lie in one system table, which has the same rows again when they were restored.
    static readonly FingerprintTable LargeObjects = new(
        "pg_catalog", "pg_largeobject", "pg_catalog.pg_largeobject", 0, [new("data", "bytea"), new("loid", "oid"), new("pageno", "int4")]);

    /// <summary>Reads it.</summary>
    public static async Task<FingerprintCatalogue> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        var tables = await session.QueryAsync(TablesSql, row => (Table: TableOf(row), Protected: row.GetBoolean("protected")), cancellationToken);
        var largeObjects = await session.ScalarAsync<bool>($"SELECT {HasLargeObjects} AND {ReadsLargeObjects}", cancellationToken);
        var others = await session.QueryAsync(OthersSql, row => row.GetString(0), cancellationToken);
        return new(
            [.. tables.Select(found => found.Table), .. largeObjects ? [LargeObjects] : Array.Empty<FingerprintTable>()],
            others,
            [.. tables.Where(found => found.Protected).Select(found => found.Table.QualifiedName)]);
    }

    static FingerprintTable TableOf(NpgsqlDataReader row)
    {
        var (types, notNull) = (row.GetFieldValue<string[]>("types"), row.GetFieldValue<bool[]>("not_null"));
        var columns = row.GetFieldValue<string[]>("columns").Select((name, place) => new ColumnHash(name, types[place], notNull[place])).ToList();
        return new(row.GetString("schema"), row.GetString("table"), row.GetString("name"), row.GetInt64("bytes"), columns)
        {
            IsPartition = row.GetBoolean("partition"),
        };
    }
}
