using VividShift.Migrations.Catalog;

namespace VividShift.Migrations.Planning;

/// <summary>A plan while it is made.</summary>
sealed class PlanBuilder(ParsedScriptCache scripts)
{
    public List<PlanStep> Steps { get; } = [];

    public List<PlanRefusal> Refusals { get; } = [];

    public List<string> Warnings { get; } = [];

    public void Refuse(MigrationErrorCode code, string message, string advice, long? version = null, object? target = null) =>
        Refusals.Add(new(code, message, advice) { Version = version, Target = target });

    /// <summary>A refusal, or a warning when the user said to go on all the same.</summary>
    public void RefuseUnless(bool overridden, MigrationErrorCode code, string message, string advice, long? version = null, object? target = null)
    {
        if (overridden)
        {
            Warnings.Add(message + " It runs all the same, as asked.");
        }
        else
        {
            Refuse(code, message, advice, version, target);
        }
    }

    public void Add(MigrationDirection direction, MigrationFile file, Checksum stored, bool retriesFailed = false)
    {
        var script = scripts.Of(file);
        var outside = TransactionalityAnalyzer.WhyOutside(file, script);
        Steps.Add(new()
        {
            Order = Steps.Count + 1,
            Version = file.Version,
            Description = file.Description,
            Direction = direction,
            Transactional = outside is null,
            NonTransactionalReason = outside,
            File = file,
            Script = script,
            Checksum = stored,
            RetriesFailed = retriesFailed,
        });
    }
}
