using System.Globalization;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Planning;

/// <summary>
/// What is written into the table in which sqlx keeps history, with the values that sqlx would write (sqlx-postgres/src/migrate.rs). These
/// statements run under the user's settings, since a trigger of the user's may need them; so they name every function, type and operator with
/// its schema, and mean the same whatever search_path and standard_conforming_strings are.
/// </summary>
public static class HistorySql
{
    /// <summary>Makes the table, to the letter of sqlx's own but for the schemas of types and functions, and the schemas before it.</summary>
    /// <param name="schemas">Raw names, as in sqlx: they may be quoted. Sorted and distinct, as sqlx's set is.</param>
    /// <param name="table">Its name, quoted and qualified as needed.</param>
    public static IEnumerable<string> Create(IEnumerable<string> schemas, string table) =>
        schemas.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(schema => $"CREATE SCHEMA IF NOT EXISTS {schema}").Append(CreateTable(table));

    static string CreateTable(string table) => $"""
        CREATE TABLE IF NOT EXISTS {table} (
            version BIGINT PRIMARY KEY,
            description pg_catalog.text NOT NULL,
            installed_on pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.now(),
            success BOOLEAN NOT NULL,
            checksum pg_catalog.bytea NOT NULL,
            execution_time BIGINT NOT NULL
        )
        """;

    /// <summary>An applied migration, or one that begins; its duration is not known yet. <c>installed_on</c> is the transaction's start.</summary>
    /// <param name="table">The table.</param>
    /// <param name="step">The migration.</param>
    /// <param name="success">False: until it ends, sqlx-cli stops at this row.</param>
    public static string Insert(string table, PlanStep step, bool success)
    {
        ArgumentNullException.ThrowIfNull(step);
        return One(table, step.Version, string.Create(
            CultureInfo.InvariantCulture,
            $"""
            INSERT INTO {table} (version, description, success, checksum, execution_time)
                VALUES ({step.Version}, {SqlQuote.Literal(step.Description)}, {Boolean(success)}, {Bytes(step)}, -1)
            """));
    }

    /// <summary>
    /// A row that is there already: a run outside a transaction begins again or backwards (<paramref name="success"/> is false), or a version that
    /// stopped half-way earlier was applied in one transaction.
    /// </summary>
    public static string Again(string table, PlanStep step, bool success)
    {
        ArgumentNullException.ThrowIfNull(step);
        var again = success ? ", installed_on = pg_catalog.now()" : string.Empty;
        return One(table, step.Version, string.Create(
            CultureInfo.InvariantCulture,
            $"""
            UPDATE {table}
                SET success = {Boolean(success)}, execution_time = -1, checksum = {Bytes(step)}, description = {SqlQuote.Literal(step.Description)}{again}
                WHERE version OPERATOR(pg_catalog.=) {step.Version}
            """));
    }

    /// <summary>A run outside a transaction ended well.</summary>
    /// <param name="table">The table.</param>
    /// <param name="version">The migration.</param>
    /// <param name="nanoseconds">How long it took, as SQL.</param>
    public static string Finish(string table, long version, string nanoseconds) => One(table, version, string.Create(
        CultureInfo.InvariantCulture,
        $"UPDATE {table} SET success = true, execution_time = {nanoseconds} WHERE version OPERATOR(pg_catalog.=) {version}"));

    /// <summary>A reverted migration leaves no row.</summary>
    public static string Delete(string table, long version) => One(table, version, string.Create(
        CultureInfo.InvariantCulture, $"DELETE FROM {table} WHERE version OPERATOR(pg_catalog.=) {version}"));

    /// <summary>How long an applied migration took. Nothing depends on it, so nobody looks whether the row is still there.</summary>
    /// <param name="table">The table.</param>
    /// <param name="version">The migration.</param>
    /// <param name="nanoseconds">How long it took, as SQL.</param>
    public static string SetDuration(string table, long version, string nanoseconds) => string.Create(
        CultureInfo.InvariantCulture, $"UPDATE {table} SET execution_time = {nanoseconds} WHERE version OPERATOR(pg_catalog.=) {version}");

    /// <summary>
    /// The statement fails, and with it the transaction it is in, unless it writes one row: a trigger or a policy can swallow it without a word. SQL
    /// has no way to raise an error but to do something impossible; concat keeps the planner from doing it beforehand.
    /// </summary>
    static string One(string table, long version, string write)
    {
        var problem = FormattableString.Invariant($"the row of migration {version} was not written to {table}: a trigger or a policy of the table swallowed it");
        return $"""
            WITH written AS (
                {write}
                RETURNING 1)
            SELECT CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.=) 1 THEN 1
                        ELSE pg_catalog.concat({SqlQuote.Literal(problem)}, '')::pg_catalog.int4 END AS history_rows
            FROM written
            """;
    }

    static string Boolean(bool value) => value ? "true" : "false";

    static string Bytes(PlanStep step) => $"pg_catalog.decode('{step.Checksum}', 'hex')";
}
