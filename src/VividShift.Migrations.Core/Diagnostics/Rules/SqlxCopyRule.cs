namespace VividShift.Migrations.Diagnostics.Rules;

/// <summary>COPY with its data in the file, which sqlx cannot send.</summary>
public sealed class SqlxCopyRule : ScriptRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(MigrationScript script)
    {
        if (script.First(s => s.DataOffset is not null) is { } copy)
        {
            yield return At(script, copy.Offset, "SqlxCannotCopy", FindingSeverity.Warning,
                "COPY with data in the file works here; sqlx cannot send it.", "Use INSERT if sqlx is to run this file.");
        }
    }
}
