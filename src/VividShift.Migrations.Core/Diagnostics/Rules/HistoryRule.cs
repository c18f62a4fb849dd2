namespace VividShift.Migrations.Diagnostics.Rules;

/// <summary>Files that do not go with their rows, as <see cref="HistoryRules"/> judges them.</summary>
public sealed class HistoryRule : IMigrationRule
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Check(RuleContext context) =>
        context.History is null ? [] : HistoryRules.Judge(context.Catalog, context.History).Select(j => j.Finding).OfType<Finding>();
}
