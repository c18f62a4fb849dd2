using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Health;

namespace VividShift.Migrations.Engine.Health.Checks;

/// <summary>A database whose sort order was made by another version of the operating system's library than the one that is there
/// now.</summary>
sealed class DatabaseCollationCheck : IHealthCheck
{
    const string ListSql = """
        SELECT quote_ident(d.datname)::text, d.datcollversion, pg_database_collation_actual_version(d.oid),
               (SELECT count(*) FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE 100 = ANY (x.indcollation::oid[]) AND {ours}),
               ARRAY(SELECT {index} FROM pg_index x WHERE 100 = ANY (x.indcollation::oid[]) AND x.indisexclusion ORDER BY 1)
        FROM pg_database d
        WHERE d.datname = current_database() AND d.datcollversion <> pg_database_collation_actual_version(d.oid)
        """;

    public string Title => "a sort order that has changed";

    public HealthGroup Group => HealthGroup.Server;

    public int MinimumMajor => 15;

    public async Task RunAsync(HealthContext context, ICollection<Finding> findings, CancellationToken cancellationToken)
    {
        var sql = ListSql
            .Replace("{index}", CatalogSql.Name("x.indexrelid"), StringComparison.Ordinal)
            .Replace("{ours}", CatalogSql.IsOurs("n"), StringComparison.Ordinal);
        foreach (var (name, made, actual, indexes, exclusions) in await context.QueryAsync(
            sql, r => (r.GetString(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetFieldValue<string[]>(4)), cancellationToken))
        {
            // REINDEX DATABASE CONCURRENTLY passes over exclusion constraints with a warning.
            string[] fixes =
            [
                $"REINDEX DATABASE CONCURRENTLY {name};",
                .. exclusions.Select(index => IndexList.Rebuild(index, isExclusion: true)),
                $"ALTER DATABASE {name} REFRESH COLLATION VERSION;",
            ];
            findings.Add(new("CollationVersionMismatch", FindingSeverity.Warning,
                $"The default collation of the database {name} sorts by another version now: indexes of text may miss rows.")
            {
                DatabaseObject = $"database {name}",
                Evidence = FormattableString.Invariant($"Made with version {made}, the server has {actual}; {indexes} index(es) of tables rest on it."),
                FixSql = string.Join('\n', fixes),
                RecommendedAction = "The last statement only says that the others are done. Queries find rows reliably again when all are.",
            });
        }
    }
}
