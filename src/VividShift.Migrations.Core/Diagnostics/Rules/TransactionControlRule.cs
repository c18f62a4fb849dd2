using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Diagnostics.Rules;

/// <summary>Statements that begin or end transactions where that cannot be, or need one where there is none.</summary>
public sealed class TransactionControlRule : ScriptRule
{
    const string Id = "TransactionControl";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(MigrationScript script)
    {
        var outside = script.NonTransactionalReason;
        if (script.Script.TransactionControl is { } control)
        {
            yield return Refuse(script, control.Offset, Id,
                $"{control.Command} within a migration would end the transaction that keeps script and history together.",
                "Remove it; each file is a transaction of its own. Only one BEGIN at the start with one COMMIT at the end is understood.");
        }
        else if (outside is not null && script.Script.OpensWith is not null)
        {
            yield return Refuse(script, script.Script.Statements[0].Offset, Id,
                $"The file has its own BEGIN and COMMIT, but must run outside a transaction: {outside}.",
                "Remove BEGIN and COMMIT, or move the statement that cannot run in a transaction to a file of its own.");
        }

        if (outside is not null && script.First(s => s.Transaction == TransactionRule.Inside) is { } inside)
        {
            yield return Refuse(script, inside.Offset, Id,
                $"{inside.Command} needs a transaction, but the file must run outside one: {outside}.", "Split the file in two.");
        }
    }
}
