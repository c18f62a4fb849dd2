using System.Data;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Tables in which a row has no name: it cannot be replicated, referred to or corrected alone.</summary>
sealed class PrimaryKeyCheck : IHealthCheck
{
    static readonly string ListSql = $$"""
        SELECT {{CatalogSql.Name("t.oid")}} AS table, {{CatalogSql.Bytes("t.oid")}} AS bytes,
               (SELECT (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.n) FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k (column_number, n)
                             JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.column_number)
                FROM pg_index x
                WHERE x.indrelid = t.oid AND x.indisunique AND x.indisvalid AND x.indimmediate AND x.indpred IS NULL AND x.indexprs IS NULL
                  AND x.indnatts = x.indnkeyatts
                  AND NOT EXISTS (SELECT FROM unnest(x.indkey::int2[]) AS k (column_number) JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.column_number
                                  WHERE NOT a.attnotnull)
                ORDER BY x.indnatts, x.indexrelid LIMIT 1) AS unique_columns,
               (SELECT quote_ident(w.name) FROM unnest(ARRAY['id', 'row_id', t.relname || '_id', 'row_id_of_its_own']) WITH ORDINALITY AS w (name, n)
                WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = w.name) ORDER BY w.n LIMIT 1) AS free_name
        FROM pg_class t
             JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition AND {{CatalogSql.IsOurs("n")}} AND {{CatalogSql.IsOwn("t.oid")}}
          AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype = 'p')
        ORDER BY 1
        """;

    public string Title => "tables without a primary key";

    public HealthGroup Group => HealthGroup.Table;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = ListSql;
        foreach (var (table, bytes, unique, column) in await context.QueryAsync(
            sql, r => (r.GetString("table"), r.GetInt64("bytes"), r.GetStringOrNull("unique_columns"), r.GetString("free_name")), cancellationToken))
        {
            findings.Add(new("NoPrimaryKey", FindingSeverity.Warning, $"The table {table} has no primary key.")
            {
                DatabaseObject = table,
                Evidence = $"{HumanReadable.Bytes(bytes)}. {(unique is null ? "No columns of it are unique and not null." : $"({unique}) is unique and not null.")}",
                FixSql = unique is null
                    ? $"ALTER TABLE {table} ADD COLUMN {column} bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;"
                    : $"ALTER TABLE {table} ADD PRIMARY KEY ({unique});",
                RecommendedAction = unique is null
                    ? "It writes the table anew, and nobody reads it meanwhile. If columns of it name a row, make those the key instead."
                    : "It builds an index while nobody reads the table. On a large one build a unique index CONCURRENTLY and add the key USING INDEX.",
            });
        }
    }
}
