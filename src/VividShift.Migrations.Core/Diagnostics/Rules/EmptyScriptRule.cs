using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.Diagnostics.Rules;

/// <summary>Files without a statement.</summary>
public sealed class EmptyScriptRule : ScriptRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(MigrationScript script)
    {
        if (script.Script.Statements.Count > 0 || script.Script.Problems.Count > 0)
        {
            return [];
        }

        return
        [
            script.File.Kind == MigrationKind.Down
                ? About(script, "EmptyDownScript", FindingSeverity.Warning,
                    $"'{script.File.FileName}' holds no statement: reverting it only removes its row from history.",
                    "Write what takes the migration back, or say in a comment why there is nothing to take back.")
                : About(script, "EmptyMigration", FindingSeverity.Information,
                    $"'{script.File.FileName}' holds no statement.", "Fill it in, or remove it."),
        ];
    }
}
