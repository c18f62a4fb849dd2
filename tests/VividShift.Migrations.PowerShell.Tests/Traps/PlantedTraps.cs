using System.Globalization;
using Npgsql;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.PowerShell.Tests.Traps;

/// <summary>
/// An object in public for each object of the server that the module's SQL names: of the same name, with the same arguments and with those of each
/// call. They belong to a role without rights; whoever touches one leaves a line in the server's log.
/// </summary>
sealed class PlantedTraps
{
    /// <summary>What the log says when one was sprung.</summary>
    public const string Sprung = "TRAP SPRUNG";

    readonly Dictionary<uint, string> _types = [];
    readonly HashSet<string> _statements = new(StringComparer.Ordinal);

    /// <summary>The traps that stand.</summary>
    public List<string> Standing { get; } = [];

    /// <summary>What the server would not have, with its reason.</summary>
    public List<string> Refused { get; } = [];

    /// <summary>Plants them as a role that may do nothing but create in public.</summary>
    public static async Task<PlantedTraps> PlantAsync(TestDatabase database, string role, ResolvedNames names)
    {
        var traps = new PlantedTraps();
        await traps.ReadTypesAsync(database);
        await traps.AddFunctionsAsync(database, names);
        await traps.AddOperatorsAsync(database, names);
        await traps.AddRelationsAsync(database, names);
        await using var connection = await OpenAsync(database);
        await ExecuteAsync(connection, $"SET ROLE \"{role}\"");
        // Types last: what follows them would name them.
        foreach (var statement in traps._statements.Concat(traps.TypeTraps(names)))
        {
            try
            {
                await ExecuteAsync(connection, statement);
                traps.Standing.Add(statement);
            }
            catch (PostgresException e)
            {
                traps.Refused.Add($"{e.SqlState} {e.MessageText}: {statement}");
            }
        }

        return traps;
    }

    /// <summary>A session that no trap can reach.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(TestDatabase database)
    {
        var connection = new NpgsqlConnection(database.ConnectionString + ";Search Path=pg_catalog,pg_temp;Application Name=test");
        await connection.OpenAsync();
        return connection;
    }

    async Task ReadTypesAsync(TestDatabase database)
    {
        foreach (var row in await AskAsync(database, "SELECT t.oid::bigint, quote_ident(n.nspname) || '.' || quote_ident(t.typname) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"))
        {
            _types[(uint)(long)row[0]] = (string)row[1];
        }
    }

    async Task AddFunctionsAsync(TestDatabase database, ResolvedNames names)
    {
        foreach (var row in await AskAsync(
            database,
            $"""
            SELECT p.oid::bigint, quote_ident(p.proname), p.prokind::text, p.proretset, p.prorettype::bigint, array_to_string(p.proargtypes::oid[], ' ')
            FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.oid IN ({List(names.Functions.Select(f => f.Function))})
            """))
        {
            var (oid, name, isAggregate, isSet) = ((uint)(long)row[0], (string)row[1], (string)row[2] == "a", (bool)row[3]);
            var calls = names.Functions.Where(call => call.Function == oid).Select(call => (call.Arguments, call.Result))
                .Append(((string)row[5], (uint)(long)row[4]));
            foreach (var (arguments, result) in calls)
            {
                if (isAggregate)
                {
                    AddAggregate(name, arguments, result);
                }
                else
                {
                    _statements.Add(Function(name, arguments, (isSet ? "SETOF " : "") + Type(result)));
                }
            }
        }
    }

    void AddAggregate(string name, string arguments, uint result)
    {
        var step = $"step_{_statements.Count}";
        _statements.Add(Function(step, $"{result} {arguments}".TrimEnd(), Type(result), $"{name}({arguments})"));
        var types = arguments.Length == 0 ? "*" : string.Join(", ", TypesOf(arguments));
        _statements.Add($"CREATE AGGREGATE public.{name} ({types}) (SFUNC = public.{step}, STYPE = {Type(result)})");
    }

    async Task AddOperatorsAsync(TestDatabase database, ResolvedNames names)
    {
        foreach (var row in await AskAsync(
            database,
            $"""
            SELECT o.oid::bigint, o.oprname::text, concat_ws(' ', nullif(o.oprleft, 0), o.oprright), o.oprresult::bigint
            FROM pg_operator o WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND o.oid IN ({List(names.Operators.Select(o => o.Operator))})
            """))
        {
            var (oid, name) = ((uint)(long)row[0], (string)row[1]);
            var calls = names.Operators.Where(call => call.Operator == oid).Select(call => (call.Operands, call.Result)).Append(((string)row[2], (uint)(long)row[3]));
            foreach (var (operands, result) in calls)
            {
                var function = $"operate_{_statements.Count}";
                _statements.Add(Function(function, operands, Type(result), $"{name} ({operands})"));
                var types = TypesOf(operands).ToList();
                var sides = types.Count == 2 ? $"LEFTARG = {types[0]}, RIGHTARG = {types[1]}" : $"RIGHTARG = {types[0]}";
                _statements.Add($"CREATE OPERATOR public.{name} (FUNCTION = public.{function}, {sides})");
            }
        }
    }

    async Task AddRelationsAsync(TestDatabase database, ResolvedNames names)
    {
        foreach (var row in await AskAsync(
            database,
            $"SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND oid IN ({List(names.Relations)})"))
        {
            var function = $"look_{_statements.Count}";
            _statements.Add(Function(function, "", "pg_catalog.bool", $"relation {row[0]}"));
            _statements.Add($"CREATE VIEW public.{row[0]} AS SELECT * FROM pg_catalog.{row[0]} WHERE public.{function}()");
        }
    }

    IEnumerable<string> TypeTraps(ResolvedNames names)
    {
        foreach (var type in names.Types.Select(Type).Distinct().Where(type => type.StartsWith("pg_catalog.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var name = type["pg_catalog.".Length..];
            yield return Function($"be_{name.Trim('"')}", "", "pg_catalog.bool", $"type {type.Replace("\"", "", StringComparison.Ordinal)}");
            yield return $"CREATE DOMAIN public.{name} AS {type} CHECK (public.\"be_{name.Trim('"')}\"())";
        }
    }

    string Function(string name, string arguments, string result, string? what = null)
    {
        var types = TypesOf(arguments).ToList();
        // RAISE LOG stays in the log although the statement, and whatever it wrote, is rolled back.
        return $"""
            CREATE FUNCTION public.{Quoted(name)}({string.Join(", ", types)}) RETURNS {result} LANGUAGE plpgsql AS $trap$
            BEGIN RAISE LOG '{Sprung}: {what ?? $"{name}({string.Join(", ", types)})"}'; RAISE EXCEPTION '{Sprung}'; END $trap$
            """.Replace("%", "%%", StringComparison.Ordinal);
    }

    static string Quoted(string name) => name.StartsWith('"') ? name : $"\"{name}\"";

    IEnumerable<string> TypesOf(string oids) =>
        oids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(oid => Type(uint.Parse(oid, CultureInfo.InvariantCulture)));

    string Type(uint oid) => _types.GetValueOrDefault(oid, "pg_catalog.text");

    static string List(IEnumerable<uint> oids) => string.Join(", ", oids.Distinct().Append(0u));

    static async Task<List<object[]>> AskAsync(TestDatabase database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object[]>();
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(sql) } };
        await batch.ExecuteNonQueryAsync();
    }
}
