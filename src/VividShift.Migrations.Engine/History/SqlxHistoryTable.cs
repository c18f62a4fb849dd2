using System.Data;
using System.Text.RegularExpressions;
using Npgsql;
using VividShift.Migrations.Configuration;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Engine.Connections;
using VividShift.Migrations.Engine.Errors;
using VividShift.Migrations.History;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Engine.History;

/// <summary>
/// sqlx's history table and what it holds. It is looked for where sqlx would find it, by the user's search_path, and from then on named with its
/// schema: a file's <c>SET search_path</c> cannot make the bookkeeping miss it, and a schema that appears earlier in the path cannot shadow it.
/// </summary>
sealed partial class SqlxHistoryTable
{
    const string WayOut = "Name the right table as table-name in sqlx.toml, or rename this one.";
    const int OthersNamed = 5;

    static readonly string[] Columns =
    [
        "version bigint", "description text", "installed_on timestamp with time zone", "success boolean", "checksum bytea", "execution_time bigint",
    ];

    SqlxHistoryTable(string database, MigrationHistory rows) => (Database, Rows) = (database, rows);

    /// <summary>The database's own idea of its name, which is what sqlx's lock is made from.</summary>
    public string Database { get; }

    /// <summary>Its name, qualified and quoted, and its rows; none when it cannot be read.</summary>
    public MigrationHistory Rows { get; private init; }

    /// <summary>Null when there is none.</summary>
    public uint? Oid { get; private init; }

    /// <summary>Why it cannot be read; null when it can, or when there is none.</summary>
    public Finding? Problem { get; private init; }

    /// <summary>What speaks against writing to it.</summary>
    public IReadOnlyList<Finding> Findings { get; private init; } = [];

    /// <summary>Finds and reads the table, without creating anything.</summary>
    public static async Task<SqlxHistoryTable> ReadAsync(Session session, ProjectSettings project, CancellationToken cancellationToken)
    {
        var database = (await session.ScalarAsync<string>("SELECT current_database()::text", cancellationToken))!;
        if (await RecordTable.FindAsync(session, project.HistoryTable, project, cancellationToken) is not { } table)
        {
            var missing = new MigrationHistory(NameToCreate(project.HistoryTable, session.UserSchemas), Exists: false, []);
            return new(database, missing)
            {
                Findings = await FindOthersAsync(session, project, missing, oid: null, cancellationToken),
            };
        }

        if (table.WhyUnreadable(Columns, session, WayOut) is { } problem)
        {
            return new(database, new(table.Name, Exists: true, [])) { Oid = table.Oid, Problem = problem };
        }

        var history = new MigrationHistory(table.Name, Exists: true, await session.QueryAsync(Select(table.Name), RowOf, cancellationToken));
        return new(database, history)
        {
            Oid = table.Oid,
            Findings =
            [
                .. new[] { table.WhyUntrusted(session) }.OfType<Finding>(),
                .. history.Rows.Count > 0 ? [] : await FindOthersAsync(session, project, history, table.Oid, cancellationToken),
            ],
        };
    }

    /// <summary>Ends the work when the table cannot be read.</summary>
    /// <exception cref="MigrationException">HistoryInvalid or PermissionDenied.</exception>
    public void ThrowIfUnreadable()
    {
        if (Problem is { } problem)
        {
            throw MigrationException.Of([problem], problem.DatabaseObject);
        }
    }

    /// <summary>Ends the work when this is not the table that was agreed to: somebody put another one in its place.</summary>
    /// <exception cref="MigrationException">PlanChanged.</exception>
    public void ThrowIfReplaced(PlanContext agreed)
    {
        var isAnother = agreed.HistoryOid is { } oid
            ? oid != Oid
            : Oid is null && !agreed.DatabaseMissing && agreed.History.Table != Rows.Table;
        if (isAnother)
        {
            throw new MigrationException(
                MigrationErrorCode.PlanChanged,
                $"The history table of {agreed.Database} is no longer the one that was read: it was {agreed.History.Table} and is {Rows.Table} now.",
                "See Get-VsMigrationStatus, then run again.")
            {
                Target = agreed.Database,
            };
        }
    }

    /// <summary>Makes the table, under the lock and only when something is about to be applied.</summary>
    /// <exception cref="MigrationException">PermissionDenied or DatabaseError.</exception>
    public async Task CreateAsync(Session session, ProjectSettings project, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(HistorySql.Create(project.CreateSchemas, Rows.Table), cancellationToken);
        }
        catch (PostgresException e)
        {
            throw new MigrationException(
                e.SqlState == PostgresErrorCodes.InsufficientPrivilege ? MigrationErrorCode.PermissionDenied : MigrationErrorCode.DatabaseError,
                $"The history table {Rows.Table} cannot be made in {session.Target}: {e.MessageText} ({e.SqlState}).",
                "Let an owner make it once, or grant CREATE on the schema to the role that migrates.",
                e)
            {
                Target = session.Target,
                Sql = SqlErrors.Details(e, e.BatchCommand?.CommandText),
            };
        }
    }

    /// <summary>
    /// A refusal when the run would fail on rights or the server takes no writes; null when it would not, or when there is nothing to run. Asked
    /// before the first statement, so that a migration does not run only to fail at its row.
    /// </summary>
    public static async Task<Finding?> JudgeRightsAsync(Session session, MigrationPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Steps.Count == 0)
        {
            return null;
        }

        const string Sql = """
            SELECT pg_is_in_recovery() AS standby, current_user::text AS role,
                   $1 = 0 OR has_table_privilege($1::oid, 'INSERT') AND has_table_privilege($1::oid, 'UPDATE')
                       AND has_table_privilege($1::oid, 'DELETE') AS writes,
                   coalesce(has_schema_privilege($2, 'CREATE'), true) AS creates
            """;
        var (table, database) = (plan.Context.History.Table, plan.Database);
        var schema = session.UserSchemas is [var first, ..] ? first : null;
        var (standby, role, writes, creates) = (await session.QueryAsync(
            Sql,
            row => (row.GetBoolean("standby"), row.GetString("role"), row.GetBoolean("writes"), row.GetBoolean("creates")),
            cancellationToken,
            (long)(plan.Context.HistoryOid ?? 0),
            new NpgsqlParameter<string?> { TypedValue = schema, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }))[0];
        return (standby, writes, creates || plan.Context.HistoryOid is not null || plan.Context.CreateSchemas.Count > 0) switch
        {
            (true, _, _) => Finding.Refusal(
                MigrationErrorCode.ReadOnlyServer, $"{database} is a standby: it takes no writes.", "Run against the primary."),
            (_, false, _) => Finding.Refusal(
                MigrationErrorCode.PermissionDenied,
                $"Role {role} may not write to {table} in {database}.",
                $"Run with the role that owns it, or grant SELECT, INSERT, UPDATE, DELETE on {table} to {role}."),
            (_, _, false) => Finding.Refusal(
                MigrationErrorCode.PermissionDenied,
                $"Role {role} may not create the history table {table} in {database}: it has no CREATE on schema {schema}.",
                $"Run with a role that may, or grant CREATE on the schema to {role}."),
            _ => null,
        };
    }

    /// <summary>Whether history has a version as finished; null: it does not have it.</summary>
    public static async Task<bool?> FindSuccessAsync(Session session, string table, long version, CancellationToken cancellationToken)
    {
        var found = await session.QueryAsync($"SELECT success FROM {table} WHERE version = $1", row => row.GetBoolean(0), cancellationToken, version);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>
    /// The name under which a missing table is made: as configured when it names a schema, else in the schema in which PostgreSQL would make it,
    /// which is where sqlx would.
    /// </summary>
    public static string NameToCreate(string configuredName, IReadOnlyList<string> schemas) =>
        schemas.Count == 0 || IsQualified(configuredName) ? configuredName : $"{SqlQuote.Identifier(schemas[0])}.{configuredName}";

    /// <summary>
    /// Other tables of the name that hold rows, as one finding. Where search_path has moved, or an option of the connection, the history that is
    /// there would not be seen and everything would run again. A name with a schema is meant as it is.
    /// </summary>
    static async Task<IReadOnlyList<Finding>> FindOthersAsync(
        Session session, ProjectSettings project, MigrationHistory history, uint? oid, CancellationToken cancellationToken)
    {
        const string Sql = """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
                   has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AND NOT row_security_active(c.oid) AS readable
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relname = (SELECT parts[1]::name FROM parse_ident($1) AS parts) AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
                  AND c.oid <> $2::oid AND (c.relkind = 'p' OR pg_relation_size(c.oid) > 0)
                  AND (SELECT count(*) FROM pg_catalog.pg_attribute a
                       WHERE a.attrelid = c.oid AND a.attname IN ('version', 'checksum', 'success') AND NOT a.attisdropped) = 3
            ORDER BY pg_relation_size(c.oid) DESC, 1
            LIMIT 20
            """;
        if (IsQualified(project.HistoryTable))
        {
            return [];
        }

        var others = await session.QueryAsync(
            Sql, row => (Name: row.GetString("name"), IsReadable: row.GetBoolean("readable")), cancellationToken, project.HistoryTable, (long)(oid ?? 0));
        // What cannot be read has pages, and so most likely rows.
        var full = others.Where(other => !other.IsReadable).Select(other => other.Name).ToList();
        foreach (var name in others.Where(other => other.IsReadable).Select(other => other.Name))
        {
            if (await session.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM {name})", cancellationToken))
            {
                full.Add(name);
            }
        }

        if (full.Count == 0)
        {
            return [];
        }

        var named = string.Join(", ", full.Order(StringComparer.Ordinal).Take(OthersNamed)) + (full.Count > OthersNamed ? ", …" : string.Empty);
        return
        [
            new(
                nameof(MigrationErrorCode.HistoryElsewhere),
                FindingSeverity.Error,
                $"{history.Table} in {session.Target}, where this connection looks for the history of migrations, "
                + $"{(history.Exists ? "is empty" : "does not exist")}, and there is one with rows: {named}. "
                + "Everything would run again.")
            {
                DatabaseObject = history.Table,
                Evidence = $"The schemas of its search_path: {(session.UserSchemas.Count == 0 ? "none" : string.Join(", ", session.UserSchemas))}.",
                RecommendedAction = "See whether search_path has moved (ALTER ROLE, ALTER DATABASE, PGOPTIONS, an option of the URL). Name the table with its schema, "
                    + $"table-name = \"{full.Order(StringComparer.Ordinal).First().Replace("\"", "\\\"", StringComparison.Ordinal)}\" in sqlx.toml; "
                    + "or, where each schema has a history of its own, begin this one with -Force.",
                RefusedAs = MigrationErrorCode.HistoryElsewhere,
                OverriddenBy = RefusalOverrides.Force,
            },
        ];
    }

    static string Select(string table) =>
        $"SELECT version, description, installed_on, success, checksum, execution_time FROM {table} ORDER BY version";

    // By place: the columns are in the line above, and there may be thousands of rows.
    static AppliedMigration RowOf(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        new DateTimeOffset(row.GetDateTime(2)),
        row.GetBoolean(3),
        new(row.GetFieldValue<byte[]>(4)),
        row.GetInt64(5));

    static bool IsQualified(string name) => Dot().IsMatch(name);

    // A dot outside of double quotes.
    [GeneratedRegex("""^(?:[^"]|"[^"]*")*?\.""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Dot();
}
