using System.Text.RegularExpressions;
using Npgsql;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.History;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.History;

/// <summary>
/// sqlx's history table, found once and from then on named with its schema: a file's <c>SET search_path</c> cannot make the bookkeeping
/// miss it, and a schema that appears earlier in the path cannot shadow it.
/// </summary>
sealed partial class HistoryTable
{
    const string LocateSql = """
        SELECT current_database()::text,
               current_schema()::text,
               quote_ident(n.nspname) || '.' || quote_ident(c.relname),
               (SELECT array_agg(a.attname::text || ' ' || format_type(a.atttypid, NULL))
                FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
        FROM (SELECT to_regclass($1) AS oid) AS wanted
             LEFT JOIN pg_catalog.pg_class c ON c.oid = wanted.oid
             LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        """;

    static readonly string[] Columns =
    [
        "version bigint", "description text", "installed_on timestamp with time zone", "success boolean", "checksum bytea", "execution_time bigint",
    ];

    HistoryTable(string database, string name, bool exists)
    {
        Database = database;
        Name = name;
        Exists = exists;
    }

    /// <summary>The database's own idea of its name, which is what sqlx's lock is made from.</summary>
    public string Database { get; }

    /// <summary>Qualified and quoted.</summary>
    public string Name { get; }

    public bool Exists { get; }

    /// <summary>Finds the table without creating anything.</summary>
    /// <exception cref="MigrationException">HistoryInvalid: something of that name is there and is not sqlx's table.</exception>
    public static async Task<HistoryTable> LocateAsync(Session session, string configuredName, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(LocateSql, session.Connection) { Parameters = { new() { Value = configuredName } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var database = reader.GetString(0);
        var schema = await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetString(1);
        if (await reader.IsDBNullAsync(2, cancellationToken))
        {
            return new(database, NameToCreate(configuredName, schema), exists: false);
        }

        var name = reader.GetString(2);
        var columns = await reader.IsDBNullAsync(3, cancellationToken) ? [] : reader.GetFieldValue<string[]>(3);
        var missing = Columns.Except(columns, StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            throw new MigrationException(
                MigrationErrorCode.HistoryInvalid,
                $"{name} in {session.Target} is not a history table as sqlx makes it: it lacks {string.Join(", ", missing)}.",
                "Name the right table as table-name in sqlx.toml, or rename this one.")
            {
                Target = session.Target,
            };
        }

        return new(database, name, exists: true);
    }

    /// <summary>Reads all rows, ordered by version; none when there is no table.</summary>
    public async Task<MigrationHistory> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        var rows = new List<AppliedMigration>();
        if (Exists)
        {
            await using var command = new NpgsqlCommand(Select(Name), session.Connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(new(
                    reader.GetInt64(0),
                    reader.GetString(1),
                    new DateTimeOffset(reader.GetDateTime(2)),
                    reader.GetBoolean(3),
                    new(reader.GetFieldValue<byte[]>(4)),
                    reader.GetInt64(5)));
            }
        }

        return new(Name, Exists, rows);
    }

    static string Select(string table) =>
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
