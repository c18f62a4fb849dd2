using VividShift.Migrations.Catalog;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Planning;

/// <summary>How a file's statements and its header decide whether it runs in a transaction, and what keeps it from running.</summary>
public static class TransactionalityAnalyzer
{
    /// <summary>True when the file can be one transaction: no header against it, and no statement that PostgreSQL refuses there.</summary>
    public static bool IsTransactional(MigrationFile file) =>
        !file.NoTransaction && (!TransactionRules.MayRunOutside(file.Content.Span) || WhyOutside(SqlScript.Parse(file.Text)) is null);

    /// <summary>The reason why a script cannot be one transaction; null when it can.</summary>
    public static string? WhyOutside(MigrationFile file, SqlScript script) =>
        file.NoTransaction ? "the file begins with '-- no-transaction'" : WhyOutside(script);

    /// <summary>Everything that keeps a script from being run, with its place.</summary>
    public static IEnumerable<PlanRefusal> Refusals(MigrationFile file, SqlScript script)
    {
        foreach (var problem in script.Problems)
        {
            yield return Refuse(file, script, problem.Rule, problem.Offset, problem.Message, problem.RecommendedAction);
        }

        var outside = WhyOutside(file, script);
        if (script.TransactionControl is { } control)
        {
            yield return Refuse(file, script, "TransactionControl", control.Offset,
                $"{control.Command} within a migration would end the transaction that keeps script and history together.",
                "Remove it; each file is a transaction of its own. Only one BEGIN at the start with one COMMIT at the end is understood.");
        }
        else if (outside is not null && script.OpensWith is not null)
        {
            yield return Refuse(file, script, "TransactionControl", script.Statements[0].Offset,
                $"The file has its own BEGIN and COMMIT, but must run outside a transaction: {outside}.",
                "Remove BEGIN and COMMIT, or move the statement that cannot run in a transaction to a file of its own.");
        }

        // Its rows would go to this client, which has no use for them; Npgsql gives up the connection when they come.
        if (script.Body.FirstOrDefault(s => s.Command == "COPY TO STDOUT") is { } export)
        {
            yield return Refuse(file, script, "CopyToClient", export.Offset,
                "COPY TO STDOUT sends rows to the client, and a migration has nowhere to put them.", "Remove it, or export with psql.");
        }

        if (outside is not null && script.Body.FirstOrDefault(s => s.Transaction == TransactionRule.Inside) is { } inside)
        {
            yield return Refuse(file, script, "TransactionControl", inside.Offset,
                $"{inside.Command} needs a transaction, but the file must run outside one: {outside}.",
                "Split the file in two.");
        }
    }

    static string? WhyOutside(SqlScript script) =>
        script.Body.FirstOrDefault(s => s.Transaction == TransactionRule.Outside) is { } statement
            ? $"{statement.Command} cannot run inside a transaction"
            : null;

    static PlanRefusal Refuse(MigrationFile file, SqlScript script, string rule, int offset, string message, string advice)
    {
        var (line, column) = script.Locate(offset);
        var location = new SourceLocation(file.Path, line, column, script.LineText(line));
        return new(MigrationErrorCode.MigrationFileInvalid, $"{location}: {message}", advice)
        {
            Version = file.Version,
            Rule = rule,
            Location = location,
            Target = file,
        };
    }
}
