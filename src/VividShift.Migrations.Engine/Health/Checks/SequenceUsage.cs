using System.Data;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>A sequence, and the column that takes its values, if one does.</summary>
sealed record SequenceUsage
{
    static readonly string ListSql = $$"""
        SELECT {{CatalogSql.Name("s.seqrelid")}} AS sequence, s.seqincrement AS increment, s.seqmin AS smallest, s.seqmax AS largest,
               {{CatalogSql.Name("t.oid")}} AS table, quote_ident(a.attname)::text AS column, format_type(a.atttypid, NULL) AS type,
               t.relkind = 'p' AS partitioned, coalesce({{CatalogSql.Bytes("t.oid")}}, 0) AS bytes,
               EXISTS (SELECT FROM pg_index x JOIN pg_class ic ON ic.oid = x.indexrelid JOIN pg_am m ON m.oid = ic.relam
                       WHERE x.indrelid = t.oid AND x.indisvalid AND x.indpred IS NULL AND m.amname = 'btree' AND split_part(x.indkey::text, ' ', 1) = a.attnum::text) AS indexed
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
        WHERE NOT s.seqcycle AND {{CatalogSql.IsOurs("sn")}} AND NOT coalesce(t.relispartition, false)
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
        var sql = ListSql;
        return context.QueryAsync(
            sql,
            r => new SequenceUsage
            {
                Name = r.GetString("sequence"),
                Increment = r.GetInt64("increment"),
                Smallest = r.GetInt64("smallest"),
                Largest = r.GetInt64("largest"),
                Table = r.GetStringOrNull("table"),
                Column = r.GetStringOrNull("column"),
                ColumnType = r.GetStringOrNull("type"),
                TableIsPartitioned = r.GetBooleanOrNull("partitioned") == true,
                TableBytes = r.GetInt64("bytes"),
                Indexed = r.GetBoolean("indexed"),
            },
            cancellationToken);
    }
}
