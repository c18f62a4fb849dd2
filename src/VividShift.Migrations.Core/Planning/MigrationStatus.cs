using VividShift.Migrations.Databases;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.History;

namespace VividShift.Migrations.Planning;

/// <summary>One migration: its file joined with its row in history.</summary>
public sealed record MigrationStatus : IComparable<MigrationStatus>, IComparable
{
    /// <summary>The version.</summary>
    public required long Version { get; init; }

    /// <summary>The description, from the file name, or from history when the file is gone.</summary>
    public required string Description { get; init; }

    /// <summary>How file and history relate.</summary>
    public required MigrationState State { get; init; }

    /// <summary>True when it is still to be applied: Pending or OutOfOrder.</summary>
    public bool Pending => State is MigrationState.Pending or MigrationState.OutOfOrder;

    /// <summary>True when history has it as applied: Applied, Modified or Missing.</summary>
    public bool Applied => State is MigrationState.Applied or MigrationState.Modified or MigrationState.Missing;

    /// <summary>When its transaction started, by the server's clock; null when history has no row.</summary>
    public DateTimeOffset? AppliedAt { get; init; }

    /// <summary>How long it took; null when history has no row or never learnt it (-1).</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>True when there is a down script.</summary>
    public required bool Reversible { get; init; }

    /// <summary>True when its up script runs in a transaction; null when there is no file.</summary>
    public required bool? Transactional { get; init; }

    /// <summary>SHA-384 of the file in lower-case hexadecimal; of the row when the file is gone.</summary>
    public required string Checksum { get; init; }

    /// <summary>The up script's file; null when it is gone.</summary>
    public string? Path { get; init; }

    /// <summary>The down script's file; null when there is none.</summary>
    public string? DownPath { get; init; }

    /// <summary>What is the matter with it: with its files, and with its file and its row together.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>The same in words; null when nothing is the matter.</summary>
    public string? Problem => Findings.Count == 0 ? null : string.Join(' ', Findings.Select(f => f.Message));

    /// <summary>The database whose history was read.</summary>
    public required DatabaseTarget Database { get; init; }

    /// <inheritdoc/>
    public int CompareTo(MigrationStatus? other) => other is null ? 1 : Version.CompareTo(other.Version);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => CompareTo(obj as MigrationStatus);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Version} {Description} ({State})");
}
