using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.Seeding;

/// <summary>
/// The statements that bring rows from the temporary table into their own. Not ON CONFLICT: that needs a unique index on the key, and cannot
/// tell what it inserted from what it updated, nor leave alone what is as it should be. They run under the user's settings, because of the triggers
/// of the real table, and so name every function and operator with its schema.
/// </summary>
sealed class UpsertSql(SeedTable table, IReadOnlyList<SeedColumn> columns, IReadOnlyList<string>? key)
{
    /// <summary>The temporary table; the server's messages name it.</summary>
    internal const string Staging = "pg_temp.vividshift_seed";

    const string Line = "vividshift_line";

    string Names => string.Join(", ", columns.Select(column => column.Quoted));

    string Match => string.Join(" AND ", columns.Where(column => key!.Contains(column.Name)).Select(column => $"t.{column.Quoted} {column.Equality} s.{column.Quoted}"));

    /// <summary>
    /// Makes the temporary table. Its columns have the types of the real ones, so that COPY tells line, column and value of what does not
    /// fit.
    /// </summary>
    internal IReadOnlyList<string> Create =>
    [
        $"CREATE TEMPORARY TABLE vividshift_seed ON COMMIT DROP AS SELECT {Names} FROM {table.Quoted} WITH NO DATA",
        $"ALTER TABLE {Staging} ADD COLUMN {Line} bigint GENERATED ALWAYS AS IDENTITY",
    ];

    /// <summary>Fills it.</summary>
    internal string Copy(string options) => $"COPY {Staging} ({Names}) FROM STDIN ({options})";

    /// <summary>How many rows it has; with statistics, for the plans of what follows.</summary>
    internal static IReadOnlyList<string> Count => [$"ANALYZE {Staging}", $"SELECT pg_catalog.count(*) FROM {Staging}"];

    /// <summary>The rows, two of them or one, that no key tells apart or that have none.</summary>
    internal string Ambiguous
    {
        get
        {
            var names = string.Join(", ", key!.Select(SqlQuote.Identifier));
            var isNull = string.Join(" OR ", key!.Select(name => $"{SqlQuote.Identifier(name)} IS NULL"));
            return $"""
                SELECT pg_catalog.min({Line}), pg_catalog.max({Line}), false
                FROM {Staging} WHERE NOT ({isNull}) GROUP BY {names} HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 1
                UNION ALL SELECT {Line}, {Line}, true FROM {Staging} WHERE {isNull}
                ORDER BY 1 LIMIT 1
                """;
        }
    }

    /// <summary>True when the real table has a row.</summary>
    internal string HasRows => $"SELECT EXISTS (SELECT FROM {table.Quoted})";

    /// <summary>Changes the rows that are there and differ; null when there is nothing but the key.</summary>
    internal string? Update(long upTo)
    {
        var others = key is null ? [] : columns.Where(column => !key.Contains(column.Name) && !column.IsAlwaysIdentity).ToList();
        if (others is [])
        {
            return null;
        }

        var set = string.Join(", ", others.Select(column => $"{column.Quoted} = s.{column.Quoted}"));
        var differs = string.Join(" OR ", others.Select(column => Differs($"t.{column.Quoted}", $"s.{column.Quoted}")));
        return $"UPDATE {table.Quoted} AS t SET {set} FROM {Staging} s WHERE {Match} AND {UpTo(upTo)} AND ({differs})";
    }

    /// <summary>Adds the rows that are not there.</summary>
    internal string Insert(long upTo)
    {
        var overriding = columns.Any(column => column.IsAlwaysIdentity) ? " OVERRIDING SYSTEM VALUE" : "";
        // Without a join the rows come in their order anyway; sorting a million of them for it takes seconds.
        var absent = key is null ? "" : $" AND NOT EXISTS (SELECT FROM {table.Quoted} t WHERE {Match}) ORDER BY s.{Line}";
        return $"INSERT INTO {table.Quoted} ({Names}){overriding} SELECT {Names} FROM {Staging} s WHERE {UpTo(upTo)}{absent}";
    }

    /// <summary>Puts sequences behind the values that rows brought along; without it the next row of the application would collide.</summary>
    internal IEnumerable<string> Sequences =>
        from column in columns
        where column.Sequence is not null
        select $"""
            SELECT pg_catalog.setval({SqlQuote.Literal(column.Sequence!)}, m.top)
            FROM (SELECT pg_catalog.max({column.Quoted})::bigint AS top FROM {table.Quoted}) m, {column.Sequence} q
            WHERE m.top OPERATOR(pg_catalog.>=) (q.last_value OPERATOR(pg_catalog.+) CASE WHEN q.is_called THEN 1 ELSE 0 END)
            """;

    static string UpTo(long line) => FormattableString.Invariant($"s.{Line} OPERATOR(pg_catalog.<=) {line}");

    // As texts: not every type has an equality (json), and not every equality is one (citext). Not IS DISTINCT FROM, whose operator cannot be named.
    static string Differs(string one, string other)
    {
        var (a, b) = ($"{one}::pg_catalog.text", $"{other}::pg_catalog.text");
        return $"(({a} OPERATOR(pg_catalog.=) {b}) IS NOT TRUE AND ({a} IS NOT NULL OR {b} IS NOT NULL))";
    }
}
