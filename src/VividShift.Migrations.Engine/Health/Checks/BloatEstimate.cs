using System.Globalization;
using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>What the estimates of bloat have in common.</summary>
static class BloatEstimate
{
    // Statistics are shown to those who may read what they are about.
    const string HiddenSql = """
        SELECT {table}
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'm') AND {ours} AND {bytes} >= $1
          AND (NOT has_table_privilege(c.oid, 'SELECT') OR (c.relrowsecurity AND row_security_active(c.oid)))
        ORDER BY 1
        """;

    /// <summary>
    /// Bytes of a pg_class row when its rows were last counted. A table that has grown since then has rows that nobody has counted yet, and
    /// would look empty.
    /// </summary>
    public static string Bytes(string relation) =>
        $"least({CatalogSql.Size(relation)}, {relation}.relpages::bigint * current_setting('block_size')::bigint)";

    /// <summary>How much of what, without the full stop.</summary>
    public static string Evidence(long bytes, long needed, string things) => string.Create(
        CultureInfo.InvariantCulture,
        $"An estimate from statistics: {HumanReadable.Bytes(bytes)}, of which the {things} need {HumanReadable.Bytes(needed)} ({100 - (100.0 * needed / bytes):0} % bloat)");

    /// <summary>Names the large tables of which this role may not see the statistics.</summary>
    public static async Task TellHiddenAsync(HealthContext context, string title, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = HiddenSql
            .Replace("{table}", CatalogSql.Name("c.oid"), StringComparison.Ordinal)
            .Replace("{bytes}", Bytes("c"), StringComparison.Ordinal)
            .Replace("{ours}", CatalogSql.IsOurs("n"), StringComparison.Ordinal);
        var hidden = await context.QueryAsync(sql, r => r.GetString(0), cancellationToken, context.Thresholds.BloatBytes);
        if (hidden.Count > 0)
        {
            findings.Add(CheckFailure.NotPermitted(title, $"The role may not read what is needed for {CheckFailure.Names(hidden)}."));
        }
    }
}
