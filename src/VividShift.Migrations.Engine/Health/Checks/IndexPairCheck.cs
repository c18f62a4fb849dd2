using System.Data;
using Npgsql;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Indexes that are there twice: same columns or expressions, operator classes, collations, order and predicate.</summary>
sealed class DuplicateIndexCheck : IndexPairCheck
{
    public override string Title => "indexes that are there twice";

    // Of two equals stays what something else rests on, else the older one.
    protected override string Pairs => $$"""
        , ranked AS (
            SELECT i.*, CASE WHEN indisprimary THEN 8 ELSE 0 END + CASE WHEN referenced OR indisreplident THEN 4 ELSE 0 END
                        + CASE WHEN constraint_name IS NOT NULL THEN 2 ELSE 0 END + CASE WHEN indisunique THEN 1 ELSE 0 END AS rank
            FROM i
        )
        SELECT DISTINCT ON (d.indexrelid)
               {{Columns}}, d.constraint_name
        FROM ranked d
             JOIN ranked k ON k.indrelid = d.indrelid AND k.relam = d.relam AND k.keys = d.keys AND k.indnkeyatts = d.indnkeyatts
                          AND k.classes = d.classes AND k.collations = d.collations AND k.options = d.options
                          AND k.expressions = d.expressions AND k.predicate = d.predicate AND k.indexrelid <> d.indexrelid
        WHERE NOT (d.indisprimary OR d.referenced OR d.indisreplident OR d.indisexclusion)
          AND (NOT d.indisunique OR (k.indisunique AND k.nulls_equal = d.nulls_equal AND (k.indimmediate OR NOT d.indimmediate)))
          AND (k.rank > d.rank OR (k.rank = d.rank AND k.indexrelid < d.indexrelid))
        ORDER BY d.indexrelid, k.rank DESC, k.indexrelid
        """;

    protected override Finding Judge(NpgsqlDataReader row, IndexPair pair)
    {
        var constraint = row["constraint_name"] as string;
        return new("DuplicateIndex", FindingSeverity.Warning, $"The index {pair.Dropped} on {pair.Table} does nothing that {pair.Kept} does not do.")
        {
            DatabaseObject = pair.Dropped,
            Evidence = pair.Evidence,
            FixSql = constraint is null ? pair.Drop : $"ALTER TABLE {pair.Table} DROP CONSTRAINT {constraint};",
            RecommendedAction = "Each write pays for both. See that no migration or query hint names the one that goes.",
        };
    }
}

/// <summary>Indexes whose columns are the first ones of another. The shorter is smaller, so this is worth knowing and no more.</summary>
sealed class RedundantIndexCheck : IndexPairCheck
{
    public override string Title => "indexes that are the beginning of another";

    protected override string Pairs => $$"""

        SELECT DISTINCT ON (d.indexrelid)
               {{Columns}}, left(pg_get_indexdef(k.indexrelid), 300) AS longer
        FROM i d
             JOIN i k ON k.indrelid = d.indrelid AND k.amname = 'btree' AND k.predicate = d.predicate AND k.indexrelid <> d.indexrelid
                     AND k.indnatts > d.indnatts AND k.indnkeyatts >= d.indnkeyatts
                     AND k.keys || ' ' LIKE d.keys || ' %' AND k.classes || ' ' LIKE d.classes || ' %'
                     AND k.collations || ' ' LIKE d.collations || ' %' AND k.options || ' ' LIKE d.options || ' %'
        WHERE d.amname = 'btree' AND d.expressions = '' AND d.indnatts = d.indnkeyatts
          AND NOT (d.indisunique OR d.indisreplident)
        ORDER BY d.indexrelid, k.indnatts, k.indexrelid
        """;

    protected override Finding Judge(NpgsqlDataReader row, IndexPair pair) =>
        new(
            "RedundantIndex",
            FindingSeverity.Information,
            $"The columns of the index {pair.Dropped} on {pair.Table} are the first ones of {pair.Kept}, which can do its work.")
        {
            DatabaseObject = pair.Dropped,
            Evidence = $"{pair.Evidence}. The other: {row.GetString("longer")}",
            FixSql = pair.Drop,
            RecommendedAction = "The shorter one is quicker to read where it is much smaller; measure before you drop it.",
        };
}

/// <summary>Two indexes, of which one may go.</summary>
sealed record IndexPair(string Dropped, string Kept, string Table, string Drop, string Evidence);

/// <summary>A check that compares each index with the others of its table.</summary>
abstract class IndexPairCheck : IHealthCheck
{
    /// <summary>What <see cref="Pairs"/> selects first, of d that may go and k that stays.</summary>
    protected static readonly string Columns = $"""
        {CatalogSql.Name("d.indexrelid")} AS dropped, {CatalogSql.Name("k.indexrelid")} AS kept, {CatalogSql.Name("d.indrelid")} AS on_table,
               d.relkind = 'I' AS partitioned, {CatalogSql.Bytes("d.indexrelid")} AS bytes, left(pg_get_indexdef(d.indexrelid), 300) AS definition
        """;

    public abstract string Title { get; }

    public HealthGroup Group => HealthGroup.Index;

    /// <summary>Selects pairs from <c>i</c> of <see cref="IndexList"/>.</summary>
    protected abstract string Pairs { get; }

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var found = await context.QueryAsync(IndexList.Of(context) + Pairs, row => Judge(row, Read(row)), cancellationToken);
        foreach (var finding in found)
        {
            findings.Add(finding);
        }
    }

    protected abstract Finding Judge(NpgsqlDataReader row, IndexPair pair);

    static IndexPair Read(NpgsqlDataReader row) => new(
        row.GetString("dropped"),
        row.GetString("kept"),
        row.GetString("on_table"),
        IndexList.Drop(row.GetString("dropped"), row.GetBoolean("partitioned")),
        $"{HumanReadable.Bytes(row.GetInt64("bytes"))}: {row.GetString("definition")}");
}
