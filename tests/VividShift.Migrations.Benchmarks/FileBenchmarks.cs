using BenchmarkDotNet.Attributes;
using VividShift.Migrations.Catalog;
using VividShift.Migrations.Databases;
using VividShift.Migrations.History;
using VividShift.Migrations.Planning;
using VividShift.Migrations.Testing;

namespace VividShift.Migrations.Benchmarks;

/// <summary>
/// What every command does before it asks the server anything, and what it makes of the answer: the parts of status and no-op that are ours. The
/// rest of those is connecting and reading history. Nothing is compared: the difference from one version to the next is what counts.
/// </summary>
[MemoryDiagnoser]
public class FileBenchmarks
{
    static readonly DatabaseTarget Target = new("localhost", 5432, "shop", "dev");

    MigrationFolder? _folder;
    PlanContext? _applied;

    [Params(1000, 5000)]
    public int Files { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _folder = new();
        for (var i = 1; i <= Files; i++)
        {
            var (name, up, down) = Workload.Migration(i);
            _folder.Add(name + ".up.sql", up);
            _folder.Add(name + ".down.sql", down);
        }

        var catalog = Load();
        var rows = catalog.Migrations.Select(m => new AppliedMigration(m.Version, m.Description, DateTimeOffset.UnixEpoch, true, m.Up!.Checksum, 1));
        _applied = new(catalog, new("public._sqlx_migrations", true, [.. rows]), Target);
    }

    [GlobalCleanup]
    public void CleanUp() => _folder!.Dispose();

    /// <summary>Folder, bytes, UTF-8, checksums, pairs.</summary>
    [Benchmark]
    public MigrationCatalog Load() => MigrationCatalog.Load([_folder!.Path], IgnoredCharacters.None);

    /// <summary>Files joined with history.</summary>
    [Benchmark]
    public int Join() => StatusReport.Of(_applied!.Catalog, _applied.History, Target).Count;

    /// <summary>A plan with nothing to do.</summary>
    [Benchmark]
    public int PlanNothing() => Planner.Plan(_applied!, new()).Steps.Count;

    /// <summary>A plan of everything: each file is decoded and split, once.</summary>
    [Benchmark]
    public int PlanAll() =>
        Planner.Plan(new(Load(), new("public._sqlx_migrations", false, []), Target), new()).Steps.Count;
}
