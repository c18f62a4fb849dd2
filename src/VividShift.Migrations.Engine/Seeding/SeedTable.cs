using System.Data;
using Npgsql;
using NpgsqlTypes;
using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Seeding;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>The table that a file is for, as the catalogue has it.</summary>
sealed record SeedTable(string Schema, string Name, IReadOnlyList<SeedColumn> Columns, IReadOnlyList<IReadOnlyList<string>> UniqueKeys)
{
    const string TableSql = """
        SELECT c.oid::bigint AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relname = $1::name AND CASE WHEN $2 IS NULL THEN n.nspname::text = ANY ($3) ELSE n.nspname = $2::name END
        ORDER BY array_position($3, n.nspname::text)
        LIMIT 1
        """;

    // A type of an extension brings its own equality, and the unique index on a column of it goes by that one (citext). What the server itself
    // knows, enums and arrays among it, its own operator takes.
    const string ColumnsSql = """
        SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attgenerated <> '' AS generated,
            a.attidentity = 'a' AS always_identity, b.typcategory = 'A' AS array, b.oid IN ('json'::regtype, 'jsonb'::regtype) AS json,
            CASE WHEN c.relkind IN ('r', 'p') THEN pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) END AS sequence,
            coalesce((SELECT format('OPERATOR(%I.%s)', en.nspname, e.oprname)
                FROM pg_catalog.pg_opclass k
                JOIN pg_catalog.pg_am am ON am.oid = k.opcmethod
                JOIN pg_catalog.pg_amop m ON m.amopfamily = k.opcfamily AND m.amoplefttype = b.oid AND m.amoprighttype = b.oid
                    AND m.amopstrategy = CASE am.amname WHEN 'btree' THEN 3 ELSE 1 END
                JOIN pg_catalog.pg_operator e ON e.oid = m.amopopr
                JOIN pg_catalog.pg_namespace en ON en.oid = e.oprnamespace
                WHERE k.opcdefault AND k.opcintype = b.oid AND am.amname IN ('btree', 'hash')
                ORDER BY am.amname
                LIMIT 1), 'OPERATOR(pg_catalog.=)') AS equality
        FROM pg_catalog.pg_attribute a
        JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        JOIN pg_catalog.pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
        WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum
        """;

    // The primary key first. Partial keys and keys of expressions say nothing about rows as a whole.
    const string KeysSql = """
        SELECT (SELECT array_agg(a.attname::text ORDER BY k.place)
            FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
            WHERE k.place <= i.indnkeyatts)
        FROM pg_catalog.pg_index i
        WHERE i.indrelid = $1::oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
        ORDER BY i.indisprimary DESC, i.indexrelid
        """;

    /// <summary>Its name in SQL.</summary>
    internal string Quoted => $"{SqlQuote.Identifier(Schema)}.{SqlQuote.Identifier(Name)}";

    /// <summary>Finds a table by <c>users</c> or <c>app.users</c>. Not within a transaction that writes.</summary>
    /// <exception cref="MigrationException">SeedFailed: there is none.</exception>
    internal static async Task<SeedTable> FindAsync(Session session, SeedFile file, string name, CancellationToken cancellationToken)
    {
        var parts = name.Split('.', 2, StringSplitOptions.TrimEntries);
        var found = await session.QueryAsync(
            TableSql,
            row => (Oid: row.GetInt64("oid"), Schema: row.GetString("schema"), Name: row.GetString("name"), Kind: row.GetString("kind")),
            cancellationToken,
            parts[^1],
            new NpgsqlParameter<string?> { TypedValue = parts.Length > 1 ? parts[0] : null, NpgsqlDbType = NpgsqlDbType.Text },
            session.UserSchemas);
        if (found is not [{ Kind: "r" or "p" or "f" or "v" } table])
        {
            throw SeedErrors.Unusable(
                file,
                $"There is no table {name}.",
                "Apply the migration that makes it, or name the table: the file is called NUMBER_table or NUMBER_schema.table, or says '# table: …' (CSV) or \"table\" (JSON).");
        }

        var columns = await session.QueryAsync(
            ColumnsSql,
            row => new SeedColumn(row.GetString("name"), row.GetString("type"), row.GetString("equality"))
            {
                IsGenerated = row.GetBoolean("generated"),
                IsAlwaysIdentity = row.GetBoolean("always_identity"),
                IsArray = row.GetBoolean("array"),
                IsJson = row.GetBoolean("json"),
                Sequence = row.GetStringOrNull("sequence"),
            },
            cancellationToken,
            table.Oid);
        var keys = await session.QueryAsync(KeysSql, row => (IReadOnlyList<string>)row.GetFieldValue<string[]>(0), cancellationToken, table.Oid);
        return new SeedTable(table.Schema, table.Name, columns, keys);
    }

    /// <summary>The columns of a file.</summary>
    /// <exception cref="MigrationException">SeedFailed: one is unknown, generated or named twice.</exception>
    internal IReadOnlyList<SeedColumn> Choose(SeedFile file, IReadOnlyList<string> names)
    {
        if (names is [])
        {
            throw SeedErrors.Unusable(file, "The file names no column.", "Name at least one.");
        }

        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw SeedErrors.Unusable(file, $"The column {twice.Key} is named twice.", "Name it once.");
        }

        return [.. names.Select(name => Choose(file, name))];
    }

    /// <summary>The columns by which a row of the file is known; null when nothing says them.</summary>
    internal IReadOnlyList<string>? KeyFor(SeedFile file, IReadOnlyList<string>? said, IReadOnlyList<SeedColumn> columns)
    {
        bool IsInFile(string name) => columns.Any(column => column.Name == name);
        if (said is null or [])
        {
            return UniqueKeys.FirstOrDefault(key => key.All(IsInFile));
        }

        return said.FirstOrDefault(name => !IsInFile(name)) is { } missing
            ? throw SeedErrors.Unusable(file, $"The key names {missing}, which is no column of the file.", "Correct the key.")
            : said;
    }

    SeedColumn Choose(SeedFile file, string name)
    {
        if (Columns.FirstOrDefault(column => column.Name == name) is not { } column)
        {
            var near = Suggestion.For(name, Columns.Select(column => column.Name));
            throw SeedErrors.Unusable(
                file,
                $"{Schema}.{Name} has no column {name}.",
                near is not null ? $"Did you mean '{near}'?" : $"It has {string.Join(", ", Columns.Select(column => column.Name))}.");
        }

        return column.IsGenerated
            ? throw SeedErrors.Unusable(file, $"The column {name} of {Schema}.{Name} is computed.", "Leave it out of the file.")
            : column;
    }
}

/// <summary>A column of a table that is seeded.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as the manual writes it.</param>
/// <param name="Equality">The operator by which two of its values are the same, with its schema.</param>
sealed record SeedColumn(string Name, string Type, string Equality)
{
    /// <summary>True when its value is computed.</summary>
    internal required bool IsGenerated { get; init; }

    /// <summary>True for GENERATED ALWAYS AS IDENTITY.</summary>
    internal required bool IsAlwaysIdentity { get; init; }

    /// <summary>True for arrays.</summary>
    internal required bool IsArray { get; init; }

    /// <summary>True for json and jsonb.</summary>
    internal required bool IsJson { get; init; }

    /// <summary>The sequence that gives its default, quoted; null when there is none.</summary>
    internal string? Sequence { get; init; }

    /// <summary>Its name in SQL.</summary>
    internal string Quoted => SqlQuote.Identifier(Name);
}
