using System.Data;
using System.Globalization;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Indexes that cost with every write and help no query, as CREATE INDEX CONCURRENTLY leaves them when it fails.</summary>
sealed class InvalidIndexCheck : IHealthCheck
{
    const int LongestShown = 300;
    const string Attach = "It becomes valid when every partition has such an index that is attached to it (ALTER INDEX ... ATTACH PARTITION).";

    static readonly string ListSql = $$"""
        SELECT {{CatalogSql.Name("x.indexrelid")}} AS index, {{CatalogSql.Name("x.indrelid")}} AS table,
               c.relname ~ '_cc(new|old)[0-9]*$' AS leftover, x.indisunique AS unique_rows, c.relkind = 'I' AS partitioned,
               {{CatalogSql.Size("c")}} AS bytes, pg_get_indexdef(c.oid) AS definition,
               c.relispartition OR EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = c.oid) AS needed
        FROM pg_index x
             JOIN pg_class c ON c.oid = x.indexrelid
             JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT (x.indisvalid AND x.indisready AND x.indislive) AND {{CatalogSql.IsOurs("n")}}
          AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = x.indexrelid)
        ORDER BY 1
        """;

    public string Title => "invalid indexes";

    public HealthGroup Group => HealthGroup.Index;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = ListSql;
        foreach (var index in await context.QueryAsync(
            sql,
            r => new Index(r.GetString("index"), r.GetString("table"), r.GetBoolean("leftover"), r.GetBoolean("unique_rows"), r.GetBoolean("partitioned"), r.GetInt64("bytes"), r.GetString("definition"), r.GetBoolean("needed")),
            cancellationToken))
        {
            findings.Add(Describe(index));
        }
    }

    static Finding Describe(Index index)
    {
        var (sql, advice) = index switch
        {
            { IsPartitioned: true, IsNeeded: true } => (null, Attach),
            { IsPartitioned: true } => ($"DROP INDEX {index.Name};\n{index.Everywhere};",
                $"{Attach} The SQL builds them all anew instead, and keeps others from writing while it does."),
            { IsLeftover: true } => ($"DROP INDEX CONCURRENTLY {index.Name};", "REINDEX CONCURRENTLY left it when it failed; the index itself is another one."),
            { IsUnique: true } => ($"REINDEX INDEX CONCURRENTLY {index.Name};",
                $"If it fails because rows are there twice, it says which: remove them and run it again, or give the index up with DROP INDEX CONCURRENTLY {index.Name}."),
            _ => ($"REINDEX INDEX CONCURRENTLY {index.Name};", $"If nobody needs it: DROP INDEX CONCURRENTLY {index.Name};"),
        };
        return new(
            "InvalidIndex",
            index is { IsUnique: true, IsLeftover: false } ? FindingSeverity.Error : FindingSeverity.Warning,
            $"The index {index.Name} on {index.Table} is invalid: no query uses it{(index.IsUnique && !index.IsLeftover ? ", and it does not keep rows unique" : "")}.")
        {
            DatabaseObject = index.Name,
            Evidence = string.Create(CultureInfo.InvariantCulture, $"{HumanReadable.Bytes(index.Bytes)}: {(index.Definition.Length > LongestShown ? index.Definition[..LongestShown] : index.Definition)}"),
            FixSql = sql,
            RecommendedAction = advice,
        };
    }

    sealed record Index(string Name, string Table, bool IsLeftover, bool IsUnique, bool IsPartitioned, long Bytes, string Definition, bool IsNeeded)
    {
        /// <summary>The definition without the word that keeps it from the partitions.</summary>
        public string Everywhere => Definition.Replace($" ON ONLY {Table} USING ", $" ON {Table} USING ", StringComparison.Ordinal);
    }
}
