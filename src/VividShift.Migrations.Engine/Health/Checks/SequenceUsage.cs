namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>A sequence, and the column that takes its values, if one does.</summary>
sealed record SequenceUsage
{
    const string ListSql = """
        SELECT {sequence}, s.seqincrement, s.seqmin, s.seqmax, {table}, quote_ident(a.attname)::text, format_type(a.atttypid, NULL), t.relkind = 'p', coalesce({bytes}, 0),
               EXISTS (SELECT FROM pg_index x JOIN pg_class ic ON ic.oid = x.indexrelid JOIN pg_am m ON m.oid = ic.relam
                       WHERE x.indrelid = t.oid AND x.indisvalid AND x.indpred IS NULL AND m.amname = 'btree' AND split_part(x.indkey::text, ' ', 1) = a.attnum::text)
        FROM pg_sequence s
             JOIN pg_class sc ON sc.oid = s.seqrelid
             JOIN pg_namespace sn ON sn.oid = sc.relnamespace
             LEFT JOIN (
                 SELECT d.objid AS seq, d.refobjid AS rel, d.refobjsubid AS att FROM pg_depend d
                 WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
                 UNION
                 SELECT d.refobjid, f.adrelid, f.adnum FROM pg_depend d JOIN pg_attrdef f ON f.oid = d.objid
                 WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass
             ) AS l ON l.seq = s.seqrelid
             LEFT JOIN pg_class t ON t.oid = l.rel
             LEFT JOIN pg_attribute a ON a.attrelid = l.rel AND a.attnum = l.att AND NOT a.attisdropped
        WHERE NOT s.seqcycle AND {ours} AND NOT coalesce(t.relispartition, false)
        ORDER BY 1, 5, 6
        """;

    /// <summary>Qualified and quoted.</summary>
    public required string Name { get; init; }

    public required long Increment { get; init; }

    public required long Smallest { get; init; }

    public required long Largest { get; init; }

    /// <summary>The table that takes its values; null when no column does.</summary>
    public string? Table { get; init; }

    public string? Column { get; init; }

    public string? ColumnType { get; init; }

    public bool TableIsPartitioned { get; init; }

    public long TableBytes { get; init; }

    /// <summary>True when the greatest value of the column can be looked up.</summary>
    public bool Indexed { get; init; }

    public bool Ascends => Increment > 0;

    /// <summary>The last value that both the sequence and the column can hold.</summary>
    public long Limit => (Ascends, ColumnType) switch
    {
        (true, "smallint") => Math.Min(Largest, short.MaxValue),
        (true, "integer") => Math.Min(Largest, int.MaxValue),
        (true, _) => Largest,
        (false, "smallint") => Math.Max(Smallest, short.MinValue),
        (false, "integer") => Math.Max(Smallest, int.MinValue),
        (false, _) => Smallest,
    };

    /// <summary>True for a column of whole numbers.</summary>
    public bool Countable => ColumnType is "smallint" or "integer" or "bigint";

    /// <summary>True when the column, not the sequence, is what comes to its end.</summary>
    public bool ColumnIsNarrow => ColumnType is "smallint" or "integer";

    /// <summary>Percent of the values that are used up at a value.</summary>
    public double PercentAt(long value)
    {
        double start = Ascends ? Smallest : Largest;
        return Limit == start ? 100 : 100 * (value - start) / (Limit - start);
    }

    /// <summary>Every sequence that does not begin again at its end.</summary>
    public static Task<List<SequenceUsage>> ListAsync(HealthContext context, CancellationToken cancellationToken)
    {
        var sql = ListSql
            .Replace("{sequence}", CatalogSql.Name("s.seqrelid"), StringComparison.Ordinal)
            .Replace("{table}", CatalogSql.Name("t.oid"), StringComparison.Ordinal)
            .Replace("{bytes}", CatalogSql.Bytes("t.oid"), StringComparison.Ordinal)
            .Replace("{ours}", CatalogSql.IsOurs("sn"), StringComparison.Ordinal);
        return context.QueryAsync(
            sql,
            r => new SequenceUsage
            {
                Name = r.GetString(0),
                Increment = r.GetInt64(1),
                Smallest = r.GetInt64(2),
                Largest = r.GetInt64(3),
                Table = r.IsDBNull(4) ? null : r.GetString(4),
                Column = r.IsDBNull(5) ? null : r.GetString(5),
                ColumnType = r.IsDBNull(6) ? null : r.GetString(6),
                TableIsPartitioned = !r.IsDBNull(7) && r.GetBoolean(7),
                TableBytes = r.GetInt64(8),
                Indexed = r.GetBoolean(9),
            },
            cancellationToken);
    }
}
