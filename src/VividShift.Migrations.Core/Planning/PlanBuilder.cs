using VividShift.Migrations.Catalog;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.Diagnostics.Rules;

namespace VividShift.Migrations.Planning;

/// <summary>A plan while it is made.</summary>
sealed class PlanBuilder(PlanContext context, PlanRequest request)
{
    public PlanContext Context => context;

    public PlanRequest Request => request;

    public List<PlanStep> Steps { get; } = [];

    public List<Finding> Findings { get; } = [];

    /// <summary>Keeps a finding: as a refusal, or as a warning when the user said to go on all the same.</summary>
    public void Keep(Finding? finding)
    {
        if (finding is not null)
        {
            Findings.Add(finding.Under(request.Overrides));
        }
    }

    public void Refuse(MigrationErrorCode code, string message, string advice, long? version = null) =>
        Keep(Finding.Refusal(code, message, advice) with { Version = version });

    public void Add(MigrationDirection direction, MigrationFile file, Checksum stored, bool retriesFailed = false)
    {
        var script = new MigrationScript(file, context.Scripts.Of(file));
        var outside = script.NonTransactionalReason;
        Steps.Add(new()
        {
            Order = Steps.Count + 1,
            Version = file.Version,
            Description = file.Description,
            Direction = direction,
            Transactional = outside is null,
            NonTransactionalReason = outside,
            File = file,
            Script = script.Script,
            Checksum = stored,
            RetriesFailed = retriesFailed,
        });
    }
}
