using VividShift.Migrations.Catalog;
using VividShift.Migrations.Sql;

namespace VividShift.Migrations.Planning;

/// <summary>One script that will run.</summary>
public sealed record PlanStep
{
    /// <summary>Its place in the plan, from 1.</summary>
    public required int Order { get; init; }

    /// <summary>The version.</summary>
    public required long Version { get; init; }

    /// <summary>The description.</summary>
    public required string Description { get; init; }

    /// <summary>Up or down.</summary>
    public required MigrationDirection Direction { get; init; }

    /// <summary>True when script and history row are one transaction.</summary>
    public required bool Transactional { get; init; }

    /// <summary>Why it cannot be one, in words; null when it can.</summary>
    public string? NonTransactionalReason { get; init; }

    /// <summary>The file that runs.</summary>
    public required MigrationFile File { get; init; }

    /// <summary>The file's statements.</summary>
    public required SqlScript Script { get; init; }

    /// <summary>What history stores for the version: the up file's checksum.</summary>
    public required Checksum Checksum { get; init; }

    /// <summary>True when a row with <c>success = false</c> is to be taken over (with -Force).</summary>
    public bool RetriesFailed { get; init; }

    /// <summary>The file's path.</summary>
    public string Path => File.Path;

    /// <summary>How many statements the file has.</summary>
    public int Statements => Script.Statements.Count;

    /// <summary>The SQL as it stands in the file.</summary>
    public string Sql => Script.Text;

    /// <summary>What -WhatIf calls it: <c>Apply 20250926152953_initial_schema.sql</c>.</summary>
    public string Action =>
        $"{(Direction == MigrationDirection.Up ? "Apply" : "Revert")} {File.FileName}{(Transactional ? string.Empty : " (no transaction)")}";

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Order}. {Action}");
}
