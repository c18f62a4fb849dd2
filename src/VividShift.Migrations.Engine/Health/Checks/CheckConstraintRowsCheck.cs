using System.Data;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>Rows that break a CHECK or NOT NULL which was added NOT VALID, and never validated since.</summary>
sealed class CheckConstraintRowsCheck : IHealthCheck
{
    static string ListSql(HealthContext context) => $$"""
        SELECT quote_ident(c.conname)::text AS name, {{CatalogSql.Name("t.oid")}} AS table, t.relkind = 'p' AS partitioned,
               {{CatalogSql.Bytes("t.oid")}} AS bytes,
               CASE c.contype WHEN 'c' THEN pg_get_expr(c.conbin, c.conrelid)
                    ELSE (SELECT format('%I IS NOT NULL', a.attname) FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = c.conkey[1]) END AS expression,
               (SELECT string_agg(format('quote_nullable(left(%I::text, 60))', a.attname), ', ' ORDER BY k.n)
                FROM pg_constraint p CROSS JOIN LATERAL unnest(p.conkey) WITH ORDINALITY AS k (column_number, n)
                     JOIN pg_attribute a ON a.attrelid = p.conrelid AND a.attnum = k.column_number
                WHERE p.conrelid = c.conrelid AND p.contype = 'p') AS key
        FROM pg_constraint c
             JOIN pg_class t ON t.oid = c.conrelid
             JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE c.contype IN ('c', 'n') AND NOT c.convalidated AND {{(context.Major >= 18 ? "c.conenforced" : "true")}}
          AND {{CatalogSql.IsOurs("n")}}
          AND NOT (t.relispartition AND c.coninhcount > 0)
        ORDER BY 2, 1
        """;

    public string Title => "rows that break a CHECK or NOT NULL";

    public HealthGroup Group => HealthGroup.Constraint;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = ListSql(context);
        var constraints = await context.QueryAsync(
            sql,
            r => new Constraint(r.GetString("name"), r.GetString("table"), r.GetBoolean("partitioned"), r.GetInt64("bytes"), r.GetString("expression"), r.GetStringOrNull("key")),
            cancellationToken);
        await CheckFailure.EachAsync(
            Title, constraints, c => c.Object, findings, c => ExamineAsync(context, c, findings, cancellationToken), cancellationToken);
    }

    static async Task ExamineAsync(HealthContext context, Constraint constraint, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sample = TableSample.Of(context, constraint.Table, constraint.IsPartitioned, constraint.Bytes, "c");
        var name = constraint.Key is null ? "c.ctid::text" : $"concat_ws(', ', {constraint.Key})";
        var rows = await context.QueryAsync(
            $"SELECT {name}, count(*) OVER () FROM {sample.From} WHERE NOT ({constraint.Expression}) ORDER BY 1 LIMIT 5",
            r => (Name: r.GetString(0), All: r.GetInt64(1)),
            cancellationToken);
        if (rows.Count > 0)
        {
            findings.Add(new("BrokenCheck", FindingSeverity.Error, $"Rows of {constraint.Table} do not satisfy {constraint.Expression}.")
            {
                DatabaseObject = constraint.Object,
                Evidence = $"{HumanReadable.Rows(rows[0].All)}, such as {(constraint.Key is null ? "at " : "")}{string.Join(", ", rows.Select(r => $"({r.Name.Trim('(', ')')})"))}."
                    + $"{sample.Note} The constraint is NOT VALID.",
                RecommendedAction = "What the right values are is not in the database. See the rows, correct them, and have them proved:\n"
                    + $"SELECT * FROM {TableSample.All(constraint.Table, constraint.IsPartitioned, "c")} WHERE NOT ({constraint.Expression});\n"
                    + $"ALTER TABLE {constraint.Table} VALIDATE CONSTRAINT {constraint.Name};",
            });
        }
    }

    sealed record Constraint(string Name, string Table, bool IsPartitioned, long Bytes, string Expression, string? Key)
    {
        public string Object => $"{Table}.{Name}";
    }
}
