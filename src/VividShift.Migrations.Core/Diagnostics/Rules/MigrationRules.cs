
namespace VividShift.Migrations.Diagnostics.Rules;

/// <summary>All rules about migrations, in one place: a new one is a file in <c>Rules/</c> and a line here.</summary>
public static class MigrationRules
{
    static readonly ScriptRule[] ScriptRules =
    [
        new SqlProblemRule(),
        new TransactionControlRule(),
        new CopyToClientRule(),
        new EmptyScriptRule(),
        new SqlxTransactionRule(),
        new SqlxCopyRule(),
    ];

    /// <summary>Every rule.</summary>
    public static IReadOnlyList<IMigrationRule> All { get; } = [new CatalogRule(), .. ScriptRules, new HistoryRule(), new DownScriptRule()];

    /// <summary>What all rules find.</summary>
    public static IEnumerable<Finding> Check(RuleContext context) => All.SelectMany(rule => rule.Check(context));

    /// <summary>What the rules about scripts find in one.</summary>
    public static IEnumerable<Finding> CheckScript(MigrationScript script) => ScriptRules.SelectMany(rule => rule.Check(script));
}
