using System.Globalization;
using System.Text;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Planning;

/// <summary>
/// A plan as a script for psql that leaves the same state: the statements that a run would send, and what psql needs besides to be such a client.
/// </summary>
public static class PlanSql
{
    const string Started = "vividshift_started";

    const string Elapsed =
        $"(EXTRACT(epoch FROM pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) :'{Started}'::pg_catalog.timestamptz)"
        + " OPERATOR(pg_catalog.*) 1000000000)::pg_catalog.int8";

    // RESET ALL returns to psql's own defaults, so what the engine opens its sessions with is set anew each time.
    static readonly string[] SessionSettings =
        ["SET client_encoding = 'UTF8'", "SET TimeZone = 'UTC'", "SET DateStyle = 'ISO, MDY'", "SET extra_float_digits = 2"];

    /// <summary>The script. A plan with refusals has none.</summary>
    /// <exception cref="MigrationException">The plan's first refusal.</exception>
    public static string Render(MigrationPlan plan)
    {
        plan.ThrowIfRefused();
        var statements = new StatementList(plan, ApplicationName.Default, SessionSettings, Elapsed);
        var script = new StringBuilder();
        script.Append(CultureInfo.InvariantCulture, $"-- {plan.Steps.Count} step(s) for {OneLine(plan.Database)}, to be run by psql in that database.\n");
        foreach (var name in plan.Steps.SelectMany(step => VariablesIn(step.Script)).Distinct(StringComparer.Ordinal))
        {
            script.Append(CultureInfo.InvariantCulture, $"\\unset {name}\n");
        }

        script.Append("\\set ON_ERROR_STOP on\n\\set AUTOCOMMIT on\n");
        Append(script, StatementList.Reset(SessionSettings));
        AppendLock(script, plan.Context.LockKey);
        if (!plan.Context.History.Exists)
        {
            foreach (var sql in HistorySql.Create(plan.Context.CreateSchemas, plan.Context.History.Table))
            {
                script.Append(sql).Append(";\n");
            }
        }

        Append(script, statements.Begin);
        foreach (var step in plan.Steps)
        {
            script.Append(CultureInfo.InvariantCulture, $"\n-- {step.Order}. {OneLine(step.Action)}\n");
            script.Append("SELECT pg_catalog.clock_timestamp() AS ").Append(Started).Append(" \\gset\n");
            Append(script, statements.Of(step));
        }

        Append(script, statements.Commit);
        script.Append(CultureInfo.InvariantCulture, $"\nSELECT pg_catalog.pg_advisory_unlock({plan.Context.LockKey});\n");
        return script.ToString();
    }

    static void Append(StringBuilder script, IEnumerable<PlannedStatement> statements)
    {
        foreach (var statement in statements)
        {
            // A file's on a line of its own: it may end in a comment.
            script.Append(statement.Text).Append(statement.Source is null ? ";\n" : "\n;\n");
            if (statement.CopyData is { } data)
            {
                script.Append(data).Append(data.Length > 0 && data.Span[^1] != '\n' ? "\n\\.\n" : "\\.\n");
            }
        }
    }

    // Polled, as the engine does; each look is a transaction of its own, since a snapshot that is kept would hold up CREATE INDEX CONCURRENTLY in
    // whoever holds the lock.
    static void AppendLock(StringBuilder script, long key) => script.Append(CultureInfo.InvariantCulture, $"""
        DO $$
        BEGIN
            WHILE NOT pg_catalog.pg_try_advisory_lock({key}) LOOP
                COMMIT;
                PERFORM pg_catalog.pg_sleep(0.2);
            END LOOP;
        END
        $$;

        """);

    /// <summary>What psql would replace in the file, were there a variable of its that is called so.</summary>
    static HashSet<string> VariablesIn(SqlScript script)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var statement in script.Body)
        {
            var lexer = new SqlLexer(script.Text.AsSpan(0, statement.Offset + statement.Length), statement.Offset, standardConformingStrings: true);
            for (var token = lexer.Next(); token.Kind != SqlTokenKind.End; token = lexer.Next())
            {
                if (token.Kind == SqlTokenKind.Variable)
                {
                    names.Add(lexer.TextOf(token)[1..].ToString());
                }
            }
        }

        return names;
    }

    // A line break in a file's name would end the comment, and psql obeys what begins with a backslash.
    static string OneLine(object text) => string.Concat($"{text}".Select(c => char.IsControl(c) ? ' ' : c));
}
