using VividShift.Migrations.Databases;
using VividShift.Migrations.Diagnostics;

namespace VividShift.Migrations.Planning;

/// <summary>
/// What a run would do, as a value: <c>-WhatIf</c>, <c>-Confirm</c>, <c>Get-VsMigrationPlan</c>, the SQL script and the run itself use this one.
/// </summary>
public sealed record MigrationPlan
{
    /// <summary>The database.</summary>
    public required DatabaseTarget Database { get; init; }

    /// <summary>What was asked.</summary>
    public required PlanRequest Request { get; init; }

    /// <summary>What the plan was made from.</summary>
    public required PlanContext Context { get; init; }

    /// <summary>The opened database that made it, the only one that runs it.</summary>
    public object? MadeBy { get; init; }

    /// <summary>True when the database does not exist and is to be created first.</summary>
    public bool CreatesDatabase => Context.DatabaseMissing && Request.CreateDatabase && Steps.Count > 0;

    /// <summary>The tag of a backup that is made before it runs: <c>before-20250926152953</c>, <c>before-undo-20250926152953</c>.</summary>
    public string BackupTag => Steps.Count == 0
        ? string.Empty
        : FormattableString.Invariant($"{(Request.Direction == MigrationDirection.Up ? "before" : "before-undo")}-{Steps[0].Version}");

    /// <summary>The steps in the order in which they run; what would run if nothing were refused.</summary>
    public required IReadOnlyList<PlanStep> Steps { get; init; }

    /// <summary>What is the matter with it: what refuses it, and warnings of what was overridden or deserves attention.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Why it will not run; empty when it will. The first one is the one to tell.</summary>
    public IReadOnlyList<Finding> Refusals => [.. Findings.Where(f => f.Refuses)];

    /// <summary>The other findings in words.</summary>
    public IReadOnlyList<string> Warnings => [.. Findings.Where(f => !f.Refuses).Select(f => f.Describe())];

    /// <summary>Throws the first refusal, with all of them as findings.</summary>
    /// <exception cref="MigrationException">With the refusal's code.</exception>
    public void ThrowIfRefused() => MigrationException.ThrowIfRefused(Findings, Database);
}
