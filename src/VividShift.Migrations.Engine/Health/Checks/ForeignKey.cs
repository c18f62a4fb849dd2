namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>A foreign key, and how one sees that a row breaks it.</summary>
sealed record ForeignKey
{
    const string ListSql = """
        SELECT quote_ident(c.conname)::text, {child}, {parent}, c.convalidated, c.confmatchtype = 'f', {enforced}, {period},
               ct.relkind = 'p', pt.relkind = 'p', {bytes}, columns.children, columns.not_null, columns.matches, columns.parents
        FROM pg_constraint c
             JOIN pg_class ct ON ct.oid = c.conrelid
             JOIN pg_namespace cn ON cn.oid = ct.relnamespace
             JOIN pg_class pt ON pt.oid = c.confrelid
             CROSS JOIN LATERAL (
                 SELECT array_agg(quote_ident(ca.attname)::text ORDER BY k.n) AS children,
                        array_agg(ca.attnotnull ORDER BY k.n) AS not_null,
                        array_agg(format('r.%I%s OPERATOR(%I.%s) c.%I%s', pa.attname, collated.clause, o_n.nspname, o.oprname, ca.attname, collated.clause) ORDER BY k.n) AS matches,
                        array_agg(quote_ident(pa.attname)::text ORDER BY k.n) AS parents
                 FROM unnest(c.conkey, c.confkey, c.conpfeqop) WITH ORDINALITY AS k (child, parent, operator, n)
                      JOIN pg_attribute ca ON ca.attrelid = c.conrelid AND ca.attnum = k.child
                      JOIN pg_attribute pa ON pa.attrelid = c.confrelid AND pa.attnum = k.parent
                      JOIN pg_operator o ON o.oid = k.operator
                      JOIN pg_namespace o_n ON o_n.oid = o.oprnamespace
                      LEFT JOIN pg_collation co ON co.oid = pa.attcollation AND pa.attcollation <> ca.attcollation
                      LEFT JOIN pg_namespace co_n ON co_n.oid = co.collnamespace
                      CROSS JOIN LATERAL (SELECT coalesce(' COLLATE ' || quote_ident(co_n.nspname) || '.' || quote_ident(co.collname), '')) AS collated (clause)
             ) AS columns
        WHERE c.contype = 'f' AND c.conparentid = 0 AND {ours}
        ORDER BY 2, 1
        """;

    /// <summary>Quoted.</summary>
    public required string Name { get; init; }

    /// <summary>The table that refers, qualified and quoted.</summary>
    public required string Child { get; init; }

    /// <summary>The table that is referred to.</summary>
    public required string Parent { get; init; }

    public required bool Validated { get; init; }

    public required bool MatchFull { get; init; }

    public required bool Enforced { get; init; }

    /// <summary>The last column is a period that the periods of the other table have to cover (PostgreSQL 18).</summary>
    public required bool Period { get; init; }

    public required bool ChildIsPartitioned { get; init; }

    public required bool ParentIsPartitioned { get; init; }

    public required long ChildBytes { get; init; }

    /// <summary>The columns of the child, quoted.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    public required IReadOnlyList<bool> NotNull { get; init; }

    /// <summary>For each column the comparison of parent <c>r</c> with child <c>c</c>, with the operator and collation of the key
    /// itself.</summary>
    public required IReadOnlyList<string> Matches { get; init; }

    /// <summary>The columns of the parent, quoted.</summary>
    public required IReadOnlyList<string> ParentColumns { get; init; }

    public string Object => $"{Child}.{Name}";

    /// <summary>True for a row <c>c</c> of the child that breaks the key.</summary>
    public string Broken => $"({string.Join(MatchFull ? " OR " : " AND ", Columns.Select(c => $"c.{c} IS NOT NULL"))}) AND {Orphaned}";

    /// <summary>The columns that can be set to null so that the key is satisfied; empty when the row has to go.</summary>
    public IReadOnlyList<string> Clearable
    {
        get
        {
            var nullable = Columns.Where((_, i) => !NotNull[i]).ToList();
            return MatchFull && nullable.Count < Columns.Count ? [] : nullable;
        }
    }

    string From => $"{(ParentIsPartitioned ? "" : "ONLY ")}{Parent} AS r";

    string Orphaned => Period
        ? $"coalesce(NOT c.{Columns[^1]} <@ (SELECT range_agg(r.{ParentColumns[^1]}) FROM {From} WHERE {string.Join(" AND ", Matches.SkipLast(1))}), true)"
        : $"NOT EXISTS (SELECT FROM {From} WHERE {string.Join(" AND ", Matches)})";

    /// <summary>Every foreign key of the database, but for the copies that partitions have.</summary>
    public static Task<List<ForeignKey>> ListAsync(HealthContext context, CancellationToken cancellationToken)
    {
        var sql = ListSql
            .Replace("{child}", CatalogSql.Name("ct.oid"), StringComparison.Ordinal)
            .Replace("{parent}", CatalogSql.Name("pt.oid"), StringComparison.Ordinal)
            .Replace("{bytes}", CatalogSql.Bytes("ct.oid"), StringComparison.Ordinal)
            .Replace("{ours}", CatalogSql.IsOurs("cn"), StringComparison.Ordinal)
            .Replace("{enforced}", context.Major >= 18 ? "c.conenforced" : "true", StringComparison.Ordinal)
            .Replace("{period}", context.Major >= 18 ? "c.conperiod" : "false", StringComparison.Ordinal);
        return context.QueryAsync(
            sql,
            r => new ForeignKey
            {
                Name = r.GetString(0),
                Child = r.GetString(1),
                Parent = r.GetString(2),
                Validated = r.GetBoolean(3),
                MatchFull = r.GetBoolean(4),
                Enforced = r.GetBoolean(5),
                Period = r.GetBoolean(6),
                ChildIsPartitioned = r.GetBoolean(7),
                ParentIsPartitioned = r.GetBoolean(8),
                ChildBytes = r.GetInt64(9),
                Columns = r.GetFieldValue<string[]>(10),
                NotNull = r.GetFieldValue<bool[]>(11),
                Matches = r.GetFieldValue<string[]>(12),
                ParentColumns = r.GetFieldValue<string[]>(13),
            },
            cancellationToken);
    }
}
