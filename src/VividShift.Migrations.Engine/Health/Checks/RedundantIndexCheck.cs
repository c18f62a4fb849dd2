using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Indexes whose columns are the first ones of another. The shorter is smaller, so this is worth knowing and no more.</summary>
sealed class RedundantIndexCheck : IHealthCheck
{
    const string PairSql = """

        SELECT DISTINCT ON (d.indexrelid)
               {dropped}, {kept}, {table}, d.relkind = 'I', {bytes}, left(pg_get_indexdef(d.indexrelid), 300), left(pg_get_indexdef(k.indexrelid), 300)
        FROM i d
             JOIN i k ON k.indrelid = d.indrelid AND k.amname = 'btree' AND k.predicate = d.predicate AND k.indexrelid <> d.indexrelid
                     AND k.indnatts > d.indnatts AND k.indnkeyatts >= d.indnkeyatts
                     AND k.keys || ' ' LIKE d.keys || ' %' AND k.classes || ' ' LIKE d.classes || ' %'
                     AND k.collations || ' ' LIKE d.collations || ' %' AND k.options || ' ' LIKE d.options || ' %'
        WHERE d.amname = 'btree' AND d.expressions = '' AND d.indnatts = d.indnkeyatts
          AND NOT (d.indisunique OR d.indisreplident)
        ORDER BY d.indexrelid, k.indnatts, k.indexrelid
        """;

    public string Title => "indexes that are the beginning of another";

    public HealthGroup Group => HealthGroup.Index;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = IndexList.Of(context) + PairSql
            .Replace("{dropped}", CatalogSql.Name("d.indexrelid"), StringComparison.Ordinal)
            .Replace("{bytes}", CatalogSql.Bytes("d.indexrelid"), StringComparison.Ordinal)
            .Replace("{kept}", CatalogSql.Name("k.indexrelid"), StringComparison.Ordinal)
            .Replace("{table}", CatalogSql.Name("d.indrelid"), StringComparison.Ordinal);
        foreach (var (dropped, kept, table, partitioned, bytes, definition, longer) in await context.QueryAsync(
            sql,
            r => (r.GetString(0), r.GetString(1), r.GetString(2), r.GetBoolean(3), r.GetInt64(4), r.GetString(5), r.GetString(6)),
            cancellationToken))
        {
            findings.Add(new("RedundantIndex", FindingSeverity.Information, $"The columns of the index {dropped} on {table} are the first ones of {kept}, which can do its work.")
            {
                DatabaseObject = dropped,
                Evidence = $"{HumanReadable.Bytes(bytes)}: {definition}. The other: {longer}",
                FixSql = IndexList.Drop(dropped, partitioned),
                RecommendedAction = "The shorter one is quicker to read where it is much smaller; measure before you drop it.",
            });
        }
    }
}
