using VividShift.Migrations.Databases;
using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.Planning;

/// <summary>Why a plan will not run.</summary>
/// <param name="Code">The stable error id.</param>
/// <param name="Message">What is the matter.</param>
/// <param name="RecommendedAction">What to do next.</param>
public sealed record PlanRefusal(MigrationErrorCode Code, string Message, string RecommendedAction)
{
    /// <summary>The version concerned.</summary>
    public long? Version { get; init; }

    /// <summary>The rule a file's text breaks, as findings name it; null for refusals that are not about a text.</summary>
    public string? Rule { get; init; }

    /// <summary>The place in a file.</summary>
    public SourceLocation? Location { get; init; }

    /// <summary>The object concerned: a status, a file, a step.</summary>
    public object? Target { get; init; }

    /// <summary>The exception that tells the first refusal and counts the others.</summary>
    public static MigrationException ToException(IReadOnlyList<PlanRefusal> refusals, DatabaseTarget database)
    {
        var first = refusals[0];
        var others = refusals.Count == 1 ? string.Empty : FormattableString.Invariant($"\n({refusals.Count - 1} more: {string.Join("; ", refusals.Skip(1).Take(5).Select(r => r.Message))}{(refusals.Count > 6 ? "; ..." : string.Empty)})");
        const string State = "Nothing was changed.";
        return new MigrationException(first.Code, $"{first.Message} {State} {first.RecommendedAction}{others}")
        {
            RecommendedAction = first.RecommendedAction,
            DatabaseState = State,
            Location = first.Location,
            Target = first.Target ?? database,
            Findings = [.. refusals.Select(r => new Finding(r.Code.ToString(), FindingSeverity.Error, r.Message)
            {
                Version = r.Version,
                Path = r.Location?.Path,
                Line = r.Location?.Line,
                Column = r.Location?.Column,
                RecommendedAction = r.RecommendedAction,
                RefusedAs = r.Code,
            })],
        };
    }
}
