using BenchmarkDotNet.Attributes;

namespace VividShift.Migrations.Benchmarks;

/// <summary>
/// Apply and undo against psql with the same statements, transactions included; psql keeps no history, checks nothing and takes no lock.
/// </summary>
public class RunBenchmarks
{
    Workload? _workload;

    [Params(100, 1000, 5000)]
    public int Files { get; set; }

    [GlobalSetup]
    public void Prepare() => _workload = new(Files);

    [GlobalCleanup]
    public void CleanUp() => _workload!.Dispose();

    [IterationSetup(Targets = [nameof(Apply), nameof(PsqlUp)])]
    public void Empty() => _workload!.NewDatabase();

    [IterationSetup(Targets = [nameof(Undo), nameof(PsqlDown)])]
    public void Full()
    {
        _workload!.NewDatabase();
        _workload.Apply();
    }

    [Benchmark]
    public void Apply() => _workload!.Apply();

    [Benchmark]
    public void PsqlUp() => _workload!.PsqlUp();

    [Benchmark]
    public void Undo() => _workload!.Undo();

    [Benchmark]
    public void PsqlDown() => _workload!.PsqlDown();
}
