using System.Text.RegularExpressions;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.History;

/// <summary>The SQL of sqlx's history table. The columns and their order are sqlx's, to the byte.</summary>
static partial class HistorySql
{
    public static string Select(string table) =>
        $"SELECT version, description, installed_on, success, checksum, execution_time FROM {table} ORDER BY version";

    public static string Insert(string table) =>
        $"INSERT INTO {table} (version, description, success, checksum, execution_time) VALUES ($1, $2, $3, $4, -1)";

    public static string SetDuration(string table) => $"UPDATE {table} SET execution_time = $2 WHERE version = $1";

    public static string MarkUnfinished(string table) =>
        $"UPDATE {table} SET success = false, execution_time = -1, checksum = $2, description = $3 WHERE version = $1";

    public static string MarkRetried(string table) =>
        $"UPDATE {table} SET success = true, execution_time = -1, checksum = $2, description = $3, installed_on = now() WHERE version = $1";

    public static string MarkFinished(string table) => $"UPDATE {table} SET success = true, execution_time = $2 WHERE version = $1";

    public static string Delete(string table) => $"DELETE FROM {table} WHERE version = $1";

    public static string SelectSuccess(string table) => $"SELECT success FROM {table} WHERE version = $1";

    /// <summary>
    /// The name under which a missing table is made: as configured when it names a schema, else in the schema in which PostgreSQL
    /// would make it, which is where sqlx would.
    /// </summary>
    public static string NameToCreate(string configuredName, string? currentSchema) =>
        currentSchema is null || Qualified().IsMatch(configuredName)
            ? configuredName
            : $"{SqlQuote.Identifier(currentSchema)}.{configuredName}";

    // A dot outside of double quotes.
    [GeneratedRegex("""^(?:[^"]|"[^"]*")*?\.""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Qualified();
}
