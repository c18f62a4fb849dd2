namespace VividShift.Migrations.Diagnostics.Rules;

/// <summary>
/// Statements outside a transaction that sqlx cannot run: it sends a file as one message, wraps it in a transaction when the header is
/// missing, and with the header PostgreSQL still makes one transaction of several statements.
/// </summary>
public sealed class SqlxTransactionRule : ScriptRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(MigrationScript script)
    {
        if (script.Outside is not { } outside)
        {
            yield break;
        }

        if (!script.File.NoTransaction)
        {
            yield return At(script, outside.Offset, "SqlxNeedsHeader", FindingSeverity.Warning,
                $"{outside.Command} cannot run inside a transaction. It is run outside one here; sqlx fails on this file.",
                "Begin the file with '-- no-transaction' before it is applied anywhere; the line is part of the checksum.");
        }
        else if (script.Script.Body.Count > 1)
        {
            yield return At(script, outside.Offset, "SqlxRunsOneStatement", FindingSeverity.Warning,
                $"{outside.Command} stands beside other statements. They run one by one here; sqlx sends them together, and PostgreSQL "
                + "refuses that.",
                "Give it a file of its own.");
        }
    }
}
