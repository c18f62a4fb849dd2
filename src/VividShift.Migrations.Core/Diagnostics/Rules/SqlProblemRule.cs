namespace VividShift.Migrations.Diagnostics.Rules;

/// <summary>What keeps a text from being split: commands of psql, quotes, comments and parentheses that never end.</summary>
public sealed class SqlProblemRule : ScriptRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(MigrationScript script) =>
        script.Script.Problems.Select(problem => Refuse(script, problem.Offset, problem.Rule, problem.Message, problem.RecommendedAction));
}
