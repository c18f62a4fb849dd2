using System.Data;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>A foreign key, and how one sees that a row breaks it.</summary>
sealed record ForeignKey
{
    static string ListSql(HealthContext context) => $$"""
        SELECT quote_ident(c.conname)::text AS name, {{CatalogSql.Name("ct.oid")}} AS child, {{CatalogSql.Name("pt.oid")}} AS parent,
               c.convalidated AS validated, c.confmatchtype = 'f' AS match_full,
               {{(context.Major >= 18 ? "c.conenforced" : "true")}} AS enforced,
               {{(context.Major >= 18 ? "c.conperiod" : "false")}} AS period,
               ct.relkind = 'p' AS child_partitioned, pt.relkind = 'p' AS parent_partitioned, {{CatalogSql.Bytes("ct.oid")}} AS bytes,
               columns.children AS columns, columns.not_null, columns.matches, columns.parents AS parent_columns
        FROM pg_constraint c
             JOIN pg_class ct ON ct.oid = c.conrelid
             JOIN pg_namespace cn ON cn.oid = ct.relnamespace
             JOIN pg_class pt ON pt.oid = c.confrelid
             CROSS JOIN LATERAL (
                 SELECT array_agg(quote_ident(ca.attname)::text ORDER BY k.n) AS children,
                        array_agg(ca.attnotnull ORDER BY k.n) AS not_null,
                        array_agg(format('r.%I%s OPERATOR(%I.%s) c.%I%s', pa.attname, collated.clause, o_n.nspname, o.oprname,
                        ca.attname, collated.clause) ORDER BY k.n) AS matches,
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
        WHERE c.contype = 'f' AND c.conparentid = 0 AND {{CatalogSql.IsOurs("cn")}}
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
        var sql = ListSql(context);
        return context.QueryAsync(
            sql,
            r => new ForeignKey
            {
                Name = r.GetString("name"),
                Child = r.GetString("child"),
                Parent = r.GetString("parent"),
                Validated = r.GetBoolean("validated"),
                MatchFull = r.GetBoolean("match_full"),
                Enforced = r.GetBoolean("enforced"),
                Period = r.GetBoolean("period"),
                ChildIsPartitioned = r.GetBoolean("child_partitioned"),
                ParentIsPartitioned = r.GetBoolean("parent_partitioned"),
                ChildBytes = r.GetInt64("bytes"),
                Columns = r.GetFieldValue<string[]>("columns"),
                NotNull = r.GetFieldValue<bool[]>("not_null"),
                Matches = r.GetFieldValue<string[]>("matches"),
                ParentColumns = r.GetFieldValue<string[]>("parent_columns"),
            },
            cancellationToken);
    }
}
