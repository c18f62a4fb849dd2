using System.Globalization;
using System.Text;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Planning;

/// <summary>
/// A plan as a script for psql that leaves the same state: the statements, the history rows, the lock. Durations stay -1, which sqlx and this tool
/// read as "not measured".
/// </summary>
public static class PlanSql
{
    /// <summary>The script. A plan with refusals has none.</summary>
    /// <exception cref="MigrationException">The plan's first refusal.</exception>
    public static string Render(MigrationPlan plan)
    {
        plan.ThrowIfRefused();
        var script = new StringBuilder();
        script.Append(CultureInfo.InvariantCulture, $"""
            -- {plan.Steps.Count} step(s) for {plan.Database}, to be run by psql in that database.
            \set ON_ERROR_STOP on
            SET client_encoding = 'UTF8';

            """);
        AppendSession(script);
        script.Append(CultureInfo.InvariantCulture, $"SELECT pg_catalog.pg_advisory_lock({plan.Context.LockKey});\n");
        if (!plan.Context.History.Exists)
        {
            AppendHistoryTable(script, plan);
        }

        var together = plan.Request.Transaction == TransactionMode.All && plan.Steps.Count > 0;
        script.Append(together ? "\nBEGIN;\n" : string.Empty);
        foreach (var step in plan.Steps)
        {
            AppendStep(script, step, plan.Context.History.Table, together);
        }

        script.Append(together ? "\nCOMMIT;\n" : string.Empty);
        script.Append(CultureInfo.InvariantCulture, $"\nSELECT pg_catalog.pg_advisory_unlock({plan.Context.LockKey});\n");
        return script.ToString();
    }

    static void AppendStep(StringBuilder script, PlanStep step, string table, bool together)
    {
        script.Append(CultureInfo.InvariantCulture, $"\n-- {step.Order}. {step.Action}\n");
        if (step.Transactional)
        {
            script.Append(together ? string.Empty : (step.Script.OpensWith ?? "BEGIN") + ";\n");
            AppendStatements(script, step.Script);
            script.Append("SET CONSTRAINTS ALL IMMEDIATE;\n");
            AppendSession(script);
            script.Append(step switch
            {
                { Direction: MigrationDirection.Down } => HistorySql.Delete(table, step.Version),
                { RetriesFailed: true } => HistorySql.Again(table, step, success: true),
                _ => HistorySql.Insert(table, step, success: true),
            }).Append(";\n");
            script.Append(together ? string.Empty : "COMMIT;\n");
        }
        else
        {
            var there = step.Direction == MigrationDirection.Down || step.RetriesFailed;
            script.Append(there ? HistorySql.Again(table, step, success: false) : HistorySql.Insert(table, step, success: false)).Append(";\n");
            AppendStatements(script, step.Script);
            AppendSession(script);
            script
                .Append(step.Direction == MigrationDirection.Down
                    ? HistorySql.Delete(table, step.Version)
                    : HistorySql.Finish(table, step.Version, duration: null))
                .Append(";\n");
        }
    }

    static void AppendStatements(StringBuilder script, SqlScript source)
    {
        foreach (var statement in source.Body)
        {
            script.Append(source.Text, statement.Offset, statement.Length).Append("\n;\n");
            if (statement.DataOffset is { } data)
            {
                script.Append(source.Text, data, statement.DataLength);
                script.Append(statement.DataLength > 0 && source.Text[data + statement.DataLength - 1] != '\n' ? "\n\\.\n" : "\\.\n");
            }
        }
    }

    // RESET ALL returns to psql's own defaults, so what the engine opens its sessions with is set anew each time.
    static void AppendSession(StringBuilder script) => script.Append(
        "RESET SESSION AUTHORIZATION;\nRESET ROLE;\nRESET ALL;\nSET TimeZone = 'UTC';\nSET DateStyle = 'ISO, MDY';\nSET extra_float_digits = 2;\n");

    static void AppendHistoryTable(StringBuilder script, MigrationPlan plan)
    {
        foreach (var schema in plan.Context.CreateSchemas)
        {
            script.Append(CultureInfo.InvariantCulture, $"CREATE SCHEMA IF NOT EXISTS {schema};\n");
        }

        script.Append(HistorySql.Create(plan.Context.History.Table)).Append(";\n");
    }
}
