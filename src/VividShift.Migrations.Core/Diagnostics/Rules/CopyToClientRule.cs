namespace VividShift.Migrations.Diagnostics.Rules;

/// <summary>
/// COPY TO STDOUT: its rows would go to this client, which has no use for them; Npgsql gives up the connection when they come.
/// </summary>
public sealed class CopyToClientRule : ScriptRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(MigrationScript script)
    {
        if (script.First(s => s.Command == "COPY TO STDOUT") is { } export)
        {
            yield return Refuse(script, export.Offset, "CopyToClient",
                "COPY TO STDOUT sends rows to the client, and a migration has nowhere to put them.", "Remove it, or export with psql.");
        }
    }
}
