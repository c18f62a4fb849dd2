using System.Text;
using VividShift.Migrations.Catalog;
using VividShift.Migrations.Diagnostics;
using VividShift.Migrations.History;
using VividShift.Migrations.Planning;

namespace VividShift.Migrations.Core.Tests.Planning;

/// <summary>Files and history for a planner's test, in memory.</summary>
sealed class PlanScenario
{
    readonly List<Migration> _migrations = [];
    readonly List<AppliedMigration> _rows = [];

    public List<Finding> Findings { get; } = [];

    public PlanContext Context => new(
        new MigrationCatalog(["/m"], [.. _migrations.OrderBy(m => m.Version)], Findings),
        new("public._sqlx_migrations", _rows.Count > 0, [.. _rows.OrderBy(r => r.Version)]),
        new("localhost", 5432, "shop", "dev"));

    public static MigrationFile File(string name, string sql) =>
        new("/m/" + name, MigrationFileName.Read(name).Name!, Encoding.UTF8.GetBytes(sql), IgnoredCharacters.None);

    /// <summary>A version with an up file and, unless null, a down file; applied if asked.</summary>
    public PlanScenario With(long version, string? up = null, string? down = "SELECT 1;", bool applied = false, bool failed = false)
    {
        var upFile = File(FormattableString.Invariant($"{version}_m{version}.up.sql"), up ?? FormattableString.Invariant($"SELECT {version};"));
        var downFile = down is null ? null : File(FormattableString.Invariant($"{version}_m{version}.down.sql"), down);
        _migrations.Add(new(version, upFile, downFile));
        return applied || failed ? WithRow(version, upFile.Checksum, success: !failed) : this;
    }

    public PlanScenario WithRow(long version, Checksum checksum = default, bool success = true)
    {
        _rows.Add(new(version, FormattableString.Invariant($"m{version}"), DateTimeOffset.UnixEpoch, success, checksum, 1_500_000));
        return this;
    }

    public MigrationPlan Up(PlanRequest? request = null) => Planner.Plan(Context, request ?? new());

    public MigrationPlan Down(PlanRequest? request = null) =>
        Planner.Plan(Context, (request ?? new()) with { Direction = MigrationDirection.Down });

    public static IEnumerable<long> Versions(MigrationPlan plan) => plan.Steps.Select(s => s.Version);

    public static IEnumerable<MigrationErrorCode> Codes(MigrationPlan plan) => plan.Refusals.Select(r => r.RefusedAs!.Value);
}
