namespace VividShift.Migrations.Diagnostics.Rules;

/// <summary>What was the matter with names and bytes when the folder was read.</summary>
public sealed class CatalogRule : IMigrationRule
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Check(RuleContext context) => context.Catalog.Findings;
}
