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
        SELECT n.nspname::text, c.relname::text, quote_ident(n.nspname) || '.' || quote_ident(c.relname),
               (c.relpages::bigint + coalesce(t.relpages, 0)) * current_setting('block_size')::bigint,
               row_security_active(c.oid),
               ARRAY(SELECT quote_ident(a.attname) FROM {Columns}),
               ARRAY(SELECT CASE WHEN coalesce(base.typnamespace, t.typnamespace) = 'pg_catalog'::regnamespace
                                 THEN coalesce(base.typname, t.typname)::text ELSE '' END FROM {Columns}),
               ARRAY(SELECT {NotNull} FROM {Columns}),
               c.relispartition
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid
        WHERE c.relkind = 'r' AND {OfUser} AND NOT {OfExtension}
        ORDER BY 4 DESC, 1, 2
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

    /// <summary>Reads it in the transaction of a session.</summary>
    public static async Task<FingerprintCatalogue> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        var tables = new List<FingerprintTable>();
        var hidden = new List<string>();
        await using (var command = new NpgsqlCommand(TablesSql, session.Connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var types = reader.GetFieldValue<string[]>(6);
                var notNull = reader.GetFieldValue<bool[]>(7);
                var columns = reader.GetFieldValue<string[]>(5).Select((name, place) => new ColumnHash(name, types[place], notNull[place])).ToList();
                tables.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), columns)
                {
                    IsPartition = reader.GetBoolean(8),
                });
                if (reader.GetBoolean(4))
                {
                    hidden.Add(reader.GetString(2));
                }
            }
        }

        await using (var command = new NpgsqlCommand($"SELECT {HasLargeObjects} AND {ReadsLargeObjects}", session.Connection))
        {
            if ((bool)(await command.ExecuteScalarAsync(cancellationToken))!)
            {
                tables.Add(LargeObjects);
            }
        }

        var others = new List<string>();
        await using (var command = new NpgsqlCommand(OthersSql, session.Connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                others.Add(reader.GetString(0));
            }
        }

        return new(tables, others, hidden);
    }
}
