namespace VividShift.Migrations.Planning;

/// <summary>
/// What is written to sqlx's history table, with the columns and values of sqlx-postgres/src/migrate.rs. On the wire <c>$1</c> and its like are
/// parameters, in a script for psql literals. Operators are named with their schema: the table is the user's, and so are the session's settings.
/// </summary>
public static class HistoryStatements
{
    /// <summary>Makes the table, and the schemas before it; sorted and distinct, as sqlx's set is.</summary>
    /// <param name="schemas">Their names as configured: they may be quoted.</param>
    /// <param name="table">The table's name, quoted and qualified as needed.</param>
    public static IEnumerable<string> Create(IEnumerable<string> schemas, string table) =>
    [
        .. schemas.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(schema => $"CREATE SCHEMA IF NOT EXISTS {schema}"),
        $"""
        CREATE TABLE IF NOT EXISTS {table} (
            version BIGINT PRIMARY KEY,
            description TEXT NOT NULL,
            installed_on TIMESTAMPTZ NOT NULL DEFAULT now(),
            success BOOLEAN NOT NULL,
            checksum BYTEA NOT NULL,
            execution_time BIGINT NOT NULL
        )
        """,
    ];

    /// <summary>A row: version, description, success, checksum. Its duration is not known yet.</summary>
    public static string Insert(string table) =>
        $"INSERT INTO {table} (version, description, success, checksum, execution_time) VALUES ($1, $2, $3, $4, -1)";

    /// <summary>An applied migration; <c>installed_on</c> is the column's default, the transaction's start.</summary>
    internal static PlannedStatement Insert(string table, PlanStep step, bool success) =>
        Bookkeeping(Insert(table), step.Version, step.Description, success, step.Checksum.ToArray());

    /// <summary>How long an applied migration took.</summary>
    internal static PlannedStatement SetDuration(string table, PlanStep step) =>
        Bookkeeping($"UPDATE {table} SET execution_time = $2 WHERE {OfVersion}", step.Version, PlannedStatement.Elapsed);

    /// <summary>A run outside a transaction begins, again or backwards: until it ends, sqlx-cli stops at this row.</summary>
    internal static PlannedStatement MarkUnfinished(string table, PlanStep step) => Bookkeeping(
        $"UPDATE {table} SET success = false, execution_time = -1, checksum = $2, description = $3 WHERE {OfVersion}",
        step.Version, step.Checksum.ToArray(), step.Description);

    /// <summary>A version that stopped half-way earlier was applied in one transaction.</summary>
    internal static PlannedStatement MarkRetried(string table, PlanStep step) => Bookkeeping(
        $"UPDATE {table} SET success = true, execution_time = -1, checksum = $2, description = $3, installed_on = pg_catalog.now() WHERE {OfVersion}",
        step.Version, step.Checksum.ToArray(), step.Description);

    /// <summary>A run outside a transaction ended well.</summary>
    internal static PlannedStatement MarkFinished(string table, PlanStep step) =>
        Bookkeeping($"UPDATE {table} SET success = true, execution_time = $2 WHERE {OfVersion}", step.Version, PlannedStatement.Elapsed);

    /// <summary>A reverted migration leaves no row.</summary>
    internal static PlannedStatement Delete(string table, PlanStep step) => Bookkeeping($"DELETE FROM {table} WHERE {OfVersion}", step.Version);

    const string OfVersion = "version OPERATOR(pg_catalog.=) $1";

    static PlannedStatement Bookkeeping(string sql, params object[] values) => new(StatementRole.Bookkeeping, sql, values);
}
