using VividShift.Migrations.Databases;

namespace VividShift.Migrations.Planning;

/// <summary>The migrations that came down a pipeline, to be run as a selection of the plan.</summary>
public sealed class MigrationSelection
{
    readonly List<MigrationStatus> _statuses = [];

    /// <summary>Their versions, as they came.</summary>
    public IReadOnlyList<long> Versions => [.. _statuses.Select(s => s.Version)];

    /// <summary>Adds some.</summary>
    public void Add(IEnumerable<MigrationStatus> statuses) => _statuses.AddRange(statuses);

    /// <summary>
    /// What is pending in one database says nothing about another. The role may differ: one that only reads can pick what another one runs.
    /// </summary>
    /// <exception cref="MigrationException">DatabaseMismatch.</exception>
    public void ThrowIfNotFrom(DatabaseTarget database)
    {
        if (_statuses.Find(s => !IsSame(s.Database, database)) is { } foreign)
        {
            throw new MigrationException(
                MigrationErrorCode.DatabaseMismatch,
                FormattableString.Invariant($"Migration {foreign.Version} was read from {foreign.Database}, and this is {database}."),
                "Give both commands the same connection.")
            {
                Target = foreign,
            };
        }
    }

    static bool IsSame(DatabaseTarget one, DatabaseTarget other) =>
        string.Equals(one.Host, other.Host, StringComparison.OrdinalIgnoreCase) && one.Port == other.Port && one.Database == other.Database;
}
