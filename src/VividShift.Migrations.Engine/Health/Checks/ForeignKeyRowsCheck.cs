using System.Globalization;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>
/// Rows that refer to nothing. Every key is looked at, not only those that are NOT VALID: session_replication_role and disabled triggers
/// let rows in that the catalogue knows nothing of.
/// </summary>
sealed class ForeignKeyRowsCheck : IHealthCheck
{
    public string Title => "rows that break a foreign key";

    public HealthGroup Group => HealthGroup.Constraint;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken) =>
        await CheckFailure.EachAsync(
            Title, await ForeignKey.ListAsync(context, cancellationToken), k => k.Object, findings,
            key => ExamineAsync(context, key, findings, cancellationToken), cancellationToken);

    static async Task ExamineAsync(HealthContext context, ForeignKey key, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sample = TableSample.Of(context, key.Child, key.ChildIsPartitioned, key.ChildBytes, "c");
        var value = $"concat_ws(', ', {string.Join(", ", key.Columns.Select(c => $"quote_nullable(left(c.{c}::text, 60))"))})";
        var keys = await context.QueryAsync(
            $"""
            SELECT value, rows, (sum(rows) OVER ())::bigint, count(*) OVER ()
            FROM (SELECT {value} AS value, count(*) AS rows FROM {sample.From} WHERE {key.Broken} GROUP BY 1) AS broken
            ORDER BY rows DESC, value LIMIT 5
            """,
            r => (Value: r.GetString(0), Rows: r.GetInt64(1), AllRows: r.GetInt64(2), AllKeys: r.GetInt64(3)),
            cancellationToken);
        if (keys.Count > 0)
        {
            findings.Add(Describe(
                key,
                $"{HumanReadable.Rows(keys[0].AllRows)} with {(keys[0].AllKeys == 1 ? "the key" : string.Create(CultureInfo.InvariantCulture, $"{keys[0].AllKeys} keys, such as"))} "
                + $"{string.Join(", ", keys.Select(k => string.Create(CultureInfo.InvariantCulture, $"({k.Value}){(k.Rows > 1 ? $" {k.Rows} times" : "")}")))}.{sample.Note}"));
        }
    }

    static Finding Describe(ForeignKey key, string evidence)
    {
        var only = key.ChildIsPartitioned ? "" : "ONLY ";
        var delete = $"DELETE FROM {only}{key.Child} AS c\nWHERE {key.Broken};";
        var clear = $"UPDATE {only}{key.Child} AS c SET {string.Join(", ", key.Clearable.Select(c => $"{c} = NULL"))}\nWHERE {key.Broken};";
        var validate = key.Validated || !key.Enforced ? "" : $"\nALTER TABLE {key.Child} VALIDATE CONSTRAINT {key.Name};";
        var clears = key.Clearable.Count > 0;
        return new("BrokenForeignKey", key.Enforced ? FindingSeverity.Error : FindingSeverity.Warning,
            $"Rows of {key.Child} refer by ({string.Join(", ", key.Columns)}) to rows of {key.Parent} that are not there.")
        {
            DatabaseObject = key.Object,
            Evidence = $"{evidence}{State(key)}",
            FixSql = (clears ? clear : delete) + validate,
            RecommendedAction = clears
                ? $"The SQL keeps the rows and forgets what they referred to. If they mean nothing without it: {delete}"
                : "The SQL deletes the rows, as the columns may not be null. If they are worth more than that, bring back what they refer to.",
        };
    }

    static string State(ForeignKey key) => key switch
    {
        { Enforced: false } => " The constraint is NOT ENFORCED.",
        { Validated: false } => " The constraint is NOT VALID.",
        _ => "",
    };
}
