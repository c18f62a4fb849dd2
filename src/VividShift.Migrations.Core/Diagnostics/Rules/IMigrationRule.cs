namespace VividShift.Migrations.Diagnostics.Rules;

/// <summary>
/// One thing that can be the matter with migrations. A rule looks and says; it changes nothing, and whether a run is refused it says by
/// <see cref="Finding.RefusedAs"/>. <see cref="MigrationRules"/> lists them all.
/// </summary>
public interface IMigrationRule
{
    /// <summary>What it finds.</summary>
    IEnumerable<Finding> Check(RuleContext context);
}

/// <summary>A rule about scripts, each by itself. Plans ask it about their steps, hooks about their files.</summary>
public abstract class ScriptRule : IMigrationRule
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Check(RuleContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Scripts.SelectMany(Check);
    }

    /// <summary>What it finds in one script.</summary>
    public abstract IEnumerable<Finding> Check(MigrationScript script);

    /// <summary>A finding about a whole file.</summary>
    protected static Finding About(MigrationScript script, string rule, FindingSeverity severity, string message, string advice) =>
        new(rule, severity, message) { Version = script.File.Version, Location = new(script.File.Path), RecommendedAction = advice };

    /// <summary>A finding at a place in a file.</summary>
    protected static Finding At(MigrationScript script, int offset, string rule, FindingSeverity severity, string message, string advice) =>
        About(script, rule, severity, message, advice) with { Location = script.Locate(offset) };

    /// <summary>A finding for which a file is never run.</summary>
    protected static Finding Refuse(MigrationScript script, int offset, string rule, string message, string advice) =>
        At(script, offset, rule, FindingSeverity.Error, message, advice) with { RefusedAs = MigrationErrorCode.MigrationFileInvalid };
}
