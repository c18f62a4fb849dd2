using System.Text.RegularExpressions;
using VividShift.Migrations.Engine.Connections;

namespace VividShift.Migrations.Engine.History;

/// <summary>How sqlx's history table is read. The columns and their order are sqlx's, to the byte.</summary>
static partial class HistorySql
{
    public static string Select(string table) =>
        $"SELECT version, description, installed_on, success, checksum, execution_time FROM {table} ORDER BY version";

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
