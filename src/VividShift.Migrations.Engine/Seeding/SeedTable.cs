using VividShift.Migrations.Engine.Configuration;
using VividShift.Migrations.Seeding;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>The table that a file is for, as the catalogue has it.</summary>
sealed record SeedTable(string Schema, string Name, IReadOnlyList<SeedColumn> Columns, IReadOnlyList<IReadOnlyList<string>> UniqueKeys)
{
    const string ColumnsSql = """
        SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.attgenerated <> '', a.attidentity = 'a',
            b.typcategory = 'A', b.oid IN ('json'::regtype, 'jsonb'::regtype),
            CASE WHEN c.relkind IN ('r', 'p') THEN pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) END
        FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_type t ON t.oid = a.atttypid
        JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
        WHERE a.attrelid = $1::text::oid AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum
        """;

    // The primary key first. Partial keys and keys of expressions say nothing about rows as a whole.
    const string KeysSql = """
        SELECT (SELECT array_agg(a.attname::text ORDER BY k.place)
            FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
            WHERE k.place <= i.indnkeyatts)
        FROM pg_index i
        WHERE i.indrelid = $1::text::oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
        ORDER BY i.indisprimary DESC, i.indexrelid
        """;

    /// <summary>Its name in SQL.</summary>
    internal string Quoted => $"{SqlQuote.Identifier(Schema)}.{SqlQuote.Identifier(Name)}";

    /// <summary>Finds a table by <c>users</c> or <c>app.users</c>.</summary>
    /// <exception cref="MigrationException">SeedFailed: there is none.</exception>
    internal static async Task<SeedTable> FindAsync(SeedSession session, SeedFile file, string name, CancellationToken cancellationToken)
    {
        var parts = name.Split('.', 2, StringSplitOptions.TrimEntries);
        var quoted = string.Join('.', parts.Select(SqlQuote.Identifier));
        var found = await session.QueryAsync(
            """
            SELECT c.oid::text, n.nspname::text, c.relname::text, c.relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = to_regclass($1)
            """,
            row => (Oid: row.GetString(0), Schema: row.GetString(1), Name: row.GetString(2), Kind: row.GetString(3)),
            cancellationToken,
            quoted);
        if (found is not [{ Kind: "r" or "p" or "f" or "v" } table])
        {
            throw SeedErrors.Unusable(
                file,
                $"There is no table {name}.",
                "Apply the migration that makes it, or name the table: the file is called NUMBER_table or NUMBER_schema.table, or says '# table: …' (CSV) or \"table\" (JSON).");
        }

        var columns = await session.QueryAsync(
            ColumnsSql,
            row => new SeedColumn(
                row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetBoolean(3), row.GetBoolean(4), row.GetBoolean(5),
                row.IsDBNull(6) ? null : row.GetString(6)),
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
/// <param name="IsGenerated">True when its value is computed.</param>
/// <param name="IsAlwaysIdentity">True for GENERATED ALWAYS AS IDENTITY.</param>
/// <param name="IsArray">True for arrays.</param>
/// <param name="IsJson">True for json and jsonb.</param>
/// <param name="Sequence">The sequence that gives its default, quoted; null when there is none.</param>
sealed record SeedColumn(string Name, string Type, bool IsGenerated, bool IsAlwaysIdentity, bool IsArray, bool IsJson, string? Sequence)
{
    /// <summary>Its name in SQL.</summary>
    internal string Quoted => SqlQuote.Identifier(Name);
}
