using BenchmarkDotNet.Attributes;

namespace VividShift.Migrations.Benchmarks;

/// <summary>What happens on every deployment: nothing is pending.</summary>
public class LookBenchmarks
{
    Workload? _workload;

    [Params(100, 1000, 5000)]
    public int Files { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _workload = new(Files);
        _workload.NewDatabase();
        _workload.Apply();
    }

    [GlobalCleanup]
    public void CleanUp() => _workload!.Dispose();

    [Benchmark]
    public int Status() => _workload!.Status();

    [Benchmark]
    public void NoOp() => _workload!.Apply();
}
